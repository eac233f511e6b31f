package dev.apprentice.engine.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import dev.apprentice.engine.model.ModelConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * One adapter's trainable tensors on the decoder's fp32 weights, with gradients and optimiser moments: the native half
 * of a student. Callers hold the {@link ComputePermit}; not thread-safe.
 */
public final class Learning implements AutoCloseable {
    /** How many weights stand before those of the layers, and how many each layer has: see decoder.py's legend. */
    private static final int ENDS = 3;

    private static final int WEIGHTS_OF_LAYER = 12;

    /** How many tensors the optimiser moves in one piece: those of one layer. */
    private static final int PARAMETERS_OF_PART = 14;

    private final NativeMemory memory;
    private final Scope scope;
    private final PtSymbolBlock program;
    private final ModelConfig config;
    private final PtNDArray[] weights;
    private final PtNDArray inverse;
    private final PtNDArray[] lora;
    private final List<String> paths = new ArrayList<>();
    private final List<PtNDArray> parameters = new ArrayList<>();
    private final List<PtNDArray> firstMoments = new ArrayList<>();
    private final List<PtNDArray> secondMoments = new ArrayList<>();
    private double scale = 1;
    private int firstTrained;
    private int steps;

    Learning(NativeMemory memory, PtSymbolBlock program, ModelConfig config, PtNDArray[] weights, PtNDArray inverse) {
        this.memory = memory;
        this.scope = memory.open();
        this.program = program;
        this.config = config;
        this.weights = weights;
        this.inverse = inverse;
        this.lora = new PtNDArray[config.layers() * Projection.ALL.size() * 2];
    }

    /**
     * Takes {@code adapter} as the tensors to train; all its modules have one scale.
     *
     * @throws FailedException if the modules' scales differ
     */
    public void start(LoraAdapter adapter) {
        JniUtils.setGraphExecutorOptimize(false);
        scale = adapter.modules().values().stream()
                .mapToDouble(LoraModule::scale)
                .findFirst()
                .orElse(1);
        firstTrained = config.layers();
        var nothing = scope.nothing();
        for (int layer = 0, at = 0; layer < config.layers(); layer++) {
            for (var projection : Projection.ALL) {
                var path = projection.path(layer);
                var module = adapter.modules().get(path);
                if (module == null) {
                    lora[at++] = nothing;
                    lora[at++] = nothing;
                    continue;
                }
                if (module.scale() != scale) {
                    throw new FailedException(
                            "bad_adapter",
                            path + " has another scale than the rest",
                            Fault.of(path, Double.toString(scale), Double.toString(module.scale())));
                }
                firstTrained = Math.min(firstTrained, layer);
                paths.add(path);
                lora[at++] = parameter(module.a(), module.rank(), module.in());
                lora[at++] = parameter(module.b(), module.out(), module.rank());
            }
        }
    }

    private PtNDArray parameter(float[] data, int rows, int columns) {
        var array = scope.floats(data, rows, columns);
        array.setRequiresGradient(true);
        parameters.add(array);
        firstMoments.add(zeros(rows, columns));
        secondMoments.add(zeros(rows, columns));
        return array;
    }

    private PtNDArray zeros(int rows, int columns) {
        return (PtNDArray) scope.manager().zeros(new Shape(rows, columns), DataType.FLOAT32);
    }

    /**
     * The weighted loss of some rows, and its parts.
     *
     * @param loss the weighted sum
     * @param chosen log-probability of each cross-entropy target
     * @param kl KL of each anchored place
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
    public record Outcome(double loss, float[] chosen, float[] kl) {}

    /**
     * Begins to take {@code batch} forward and, if {@code gradients}, backward; gradients add up until {@link #adamw}.
     *
     * @param dropout on the adapter's input
     * @param positions for how many the vocabulary's logits are computed in one piece
     */
    public LearningPass pass(LearningBatch batch, double dropout, boolean gradients, int positions) {
        return new LearningPass(this, batch, dropout, gradients, positions);
    }

    NativeMemory memory() {
        return memory;
    }

    PtSymbolBlock program() {
        return program;
    }

    ModelConfig config() {
        return config;
    }

    PtNDArray inverse() {
        return inverse;
    }

    double scale() {
        return scale;
    }

    /** The lowest layer that carries something to train; the layer count if none does. */
    int firstTrained() {
        return firstTrained;
    }

    /** Adds to {@code arguments} the weights of {@code layer}, as of a decoder of one layer, and its adapter's. */
    void layer(int layer, NDList arguments) {
        ends(arguments);
        int w = ENDS + WEIGHTS_OF_LAYER * layer;
        for (int i = 0; i < WEIGHTS_OF_LAYER; i++) {
            arguments.add(named("w[]", weights[w + i]));
        }
        int tensors = 2 * Projection.ALL.size();
        for (int i = 0; i < tensors; i++) {
            arguments.add(named("lora[]", lora[tensors * layer + i]));
        }
    }

    /** Adds to {@code arguments} the weights before the first layer and after the last. */
    void ends(NDList arguments) {
        for (int i = 0; i < ENDS; i++) {
            arguments.add(named("w[]", weights[i]));
        }
    }

    private static NDArray named(String name, NDArray array) {
        array.setName(name);
        return array;
    }

    /** How many parts an optimiser step has. */
    public int parts() {
        return Math.ceilDiv(parameters.size(), PARAMETERS_OF_PART);
    }

    private <T> List<T> part(List<T> all, int part) {
        int from = part * PARAMETERS_OF_PART;
        return all.subList(from, Math.min(all.size(), from + PARAMETERS_OF_PART));
    }

    /** The sum of squares of the gradients that have added up in {@code part}. */
    public double squares(int part) {
        try (var now = memory.open()) {
            var gradients = now.own(IValue.listFrom(gradients(part(parameters, part), now)));
            return now.own(IValueUtils.runMethod(program, "squares", gradients))
                    .toTensor(now.manager())
                    .toDoubleArray()[0];
        }
    }

    /** Begins an AdamW step, which is taken by {@link #adamw} on each part. */
    public void beginStep() {
        steps++;
    }

    /** AdamW on {@code part} with gradients multiplied by {@code clip}; they are zero afterwards. */
    public void adamw(int part, double clip, double rate, double beta1, double beta2, double epsilon, double decay) {
        var moved = part(parameters, part);
        try (var now = memory.open()) {
            now.own(IValueUtils.runMethod(
                    program,
                    "adamw",
                    now.own(IValue.listFrom(moved.toArray(PtNDArray[]::new))),
                    now.own(IValue.listFrom(gradients(moved, now))),
                    now.own(IValue.listFrom(part(firstMoments, part).toArray(PtNDArray[]::new))),
                    now.own(IValue.listFrom(part(secondMoments, part).toArray(PtNDArray[]::new))),
                    now.own(IValue.from(clip)),
                    now.own(IValue.from(rate)),
                    now.own(IValue.from(beta1)),
                    now.own(IValue.from(beta2)),
                    now.own(IValue.from(epsilon)),
                    now.own(IValue.from(decay)),
                    now.own(IValue.from(1 - Math.pow(beta1, steps))),
                    now.own(IValue.from(1 - Math.pow(beta2, steps)))));
        }
    }

    /** Forgets gradients that were not used. */
    public void dropGradients() {
        for (var parameter : parameters) {
            JniUtils.zeroGrad(parameter);
        }
    }

    private static PtNDArray[] gradients(List<PtNDArray> of, Scope now) {
        var gradients = new PtNDArray[of.size()];
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = Scope.move(JniUtils.getGradient(of.get(i)), now);
        }
        return gradients;
    }

    /** Gradient of A and B by module path, for the reference tests. */
    public java.util.Map<String, float[][]> gradientsByName() {
        try (var now = memory.open()) {
            return byName(gradients(parameters, now));
        }
    }

    /** The adapter as it is now. */
    public LoraAdapter snapshot() {
        var modules = new LinkedHashMap<String, LoraModule>();
        for (int i = 0; i < paths.size(); i++) {
            var a = parameters.get(2 * i);
            var b = parameters.get(2 * i + 1);
            modules.put(
                    paths.get(i),
                    new LoraModule(
                            a.toFloatArray(),
                            b.toFloatArray(),
                            (int) a.getShape().get(0),
                            (int) a.getShape().get(1),
                            (int) b.getShape().get(0),
                            scale));
        }
        return new LoraAdapter(modules);
    }

    private java.util.Map<String, float[][]> byName(PtNDArray[] arrays) {
        var named = new LinkedHashMap<String, float[][]>();
        for (int i = 0; i < paths.size(); i++) {
            named.put(paths.get(i), new float[][] {arrays[2 * i].toFloatArray(), arrays[2 * i + 1].toFloatArray()});
        }
        return named;
    }

    @Override
    public void close() {
        scope.close();
    }
}
