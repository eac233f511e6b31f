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
    private final boolean half;

    /**
     * In bfloat16 where {@code half}, else in fp32: on a processor fp32 products of few rows and rank 16 take half of
     * the time of bf16's (docs/engine.md).
     */
    LoraPlacing(NativeMemory memory, PtSymbolBlock program, ModelConfig config, boolean half) {
        this.memory = memory;
        this.program = program;
        this.config = config;
        this.half = half;
    }

    /** How many bytes {@code adapter} takes. */
    long bytes(LoraAdapter adapter) {
        long numbers = adapter.modules().values().stream()
                .mapToLong(module -> module.a().length + (long) module.b().length)
                .sum();
        return numbers * (half ? Short.BYTES : Float.BYTES);
    }

    /** Places {@code adapter}. */
    LoraTensors place(LoraAdapter adapter) {
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
                    tensors.add(serving(step.floats(module.a(), module.rank(), module.in()), own));
                    tensors.add(serving(step.floats(b, module.out(), module.rank()), own));
                }
            }
            return new LoraTensors(own, tensors.toArray(PtNDArray[]::new), bytes(adapter));
        } catch (RuntimeException | Error e) {
            own.close();
            throw e;
        }
    }

    private PtNDArray serving(PtNDArray array, Scope into) {
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
