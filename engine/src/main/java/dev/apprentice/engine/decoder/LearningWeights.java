package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import dev.apprentice.engine.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The frozen weights as {@code training.py} reads them, layer by layer, made when a layer is first asked for. In fp32,
 * and where the decoder has them only once, they are its own tensors; packed for bf16 they are copies that live as long
 * as the study: each layer's products once for the way forward and, from the lowest adapter up, once more for the way
 * back. Callers hold the {@link ComputePermit}.
 */
final class LearningWeights implements AutoCloseable {
    /** How many weights stand before those of the layers, and how many each layer has: see decoder.py's legend. */
    private static final int ENDS = 3;

    private static final int OF_LAYER = 12;

    /** Places of a layer's products among its weights; the bias comes next. */
    private static final int[] PRODUCTS = {1, 5, 8, 10};

    /** For how many rows a weight's packed form is laid out; any number may come. */
    private static final long ROWS_EXPECTED = 256;

    private final NativeMemory memory;
    private final Scope scope;
    private final PtSymbolBlock program;
    private final PtNDArray[] exact;
    private final LearningKernel kernel;
    private final boolean plain;
    private final int firstTrained;
    private final IValue[] layers;

    LearningWeights(
            NativeMemory memory,
            PtSymbolBlock program,
            ModelConfig config,
            PtNDArray[] exact,
            LearningKernel kernel,
            Form form,
            int firstTrained) {
        this.memory = memory;
        this.scope = memory.open();
        this.program = program;
        this.exact = exact;
        this.kernel = kernel;
        this.plain = kernel == LearningKernel.FP32 || form == Form.SHARED;
        this.firstTrained = firstTrained;
        this.layers = new IValue[config.layers()];
    }

    /** The embedding, the final norm, and the head, empty where it is the embedding. */
    List<PtNDArray> ends() {
        return List.of(exact).subList(0, ENDS);
    }

    /** A layer's weights. */
    IValue layer(int layer) {
        var ready = layers[layer];
        if (ready == null) {
            ready = scope.own(IValue.listFrom(made(layer).toArray(PtNDArray[]::new)));
            layers[layer] = ready;
        }
        return ready;
    }

    private List<PtNDArray> made(int layer) {
        int at = ENDS + OF_LAYER * layer;
        var list = new ArrayList<>(List.of(exact).subList(at, at + OF_LAYER));
        var plain = List.copyOf(list);
        for (int product : PRODUCTS) {
            list.set(product, packed("pack", plain.get(product)));
            list.set(product + 1, bias(plain.get(product + 1)));
        }
        if (layer >= firstTrained) {
            for (int product : PRODUCTS) {
                list.add(packed("packback", plain.get(product)));
            }
        }
        return list;
    }

    private PtNDArray packed(String way, PtNDArray weight) {
        if (plain) {
            return weight;
        }
        try (var now = memory.open()) {
            return Programs.tensor(
                    Programs.run(
                            program,
                            now,
                            way,
                            now.own(IValue.from(weight)),
                            now.own(IValue.from((long) kernel.dtype())),
                            now.own(IValue.from(ROWS_EXPECTED))),
                    scope);
        }
    }

    private PtNDArray bias(PtNDArray bias) {
        if (plain || bias.getShape().size() == 0) {
            return bias;
        }
        try (var now = memory.open()) {
            return Programs.tensor(
                    Programs.run(program, now, "cast", now.own(IValue.from(bias)), now.own(IValue.from((long)
                            kernel.dtype()))),
                    scope);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
