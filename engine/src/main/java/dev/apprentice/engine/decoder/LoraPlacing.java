package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.ModelConfig;
import java.util.ArrayList;

/** Brings adapters into native memory, in the dtype in which they serve. Safe for any thread. */
final class LoraPlacing {
    private final NativeMemory memory;
    private final PtSymbolBlock program;
    private final ModelConfig config;

    LoraPlacing(NativeMemory memory, PtSymbolBlock program, ModelConfig config) {
        this.memory = memory;
        this.program = program;
        this.config = config;
    }

    /** How many numbers {@code adapter} has. */
    static long numbers(LoraAdapter adapter) {
        return adapter.modules().values().stream()
                .mapToLong(module -> module.a().length + (long) module.b().length)
                .sum();
    }

    /** Places {@code adapter}, in bfloat16 or else in fp32. */
    LoraTensors place(LoraAdapter adapter, boolean half) {
        var own = memory.open();
        var tensors = new ArrayList<PtNDArray>();
        try (var step = memory.open()) {
            var nothing = own.nothing();
            for (int layer = 0; layer < config.layers(); layer++) {
                for (var projection : Projection.ALL) {
                    var module = adapter.modules().get(projection.path(layer));
                    if (module == null) {
                        tensors.add(nothing);
                        tensors.add(nothing);
                        continue;
                    }
                    var b = module.b().clone();
                    for (int i = 0; i < b.length; i++) {
                        b[i] *= (float) module.scale();
                    }
                    tensors.add(serving(step.floats(module.a(), module.rank(), module.in()), half, own));
                    tensors.add(serving(step.floats(b, module.out(), module.rank()), half, own));
                }
            }
            long bytes = numbers(adapter) * (half ? Short.BYTES : Float.BYTES);
            return new LoraTensors(own, tensors.toArray(PtNDArray[]::new), bytes);
        } catch (RuntimeException | Error e) {
            own.close();
            throw e;
        }
    }

    private PtNDArray serving(PtNDArray array, boolean half, Scope into) {
        if (!half) {
            return Scope.move(array, into);
        }
        try (var step = memory.open()) {
            return Programs.tensor(
                    Programs.run(program, step, "cast", step.own(IValue.from(array)), step.own(IValue.from((long)
                            Decoder.BFLOAT16))),
                    into);
        }
    }
}
