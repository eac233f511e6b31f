package dev.apprentice.engine.decoder;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
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
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One adapter's trainable tensors on the decoder's weights, with gradients and optimiser moments: the native half of a
 * student. Callers hold the {@link ComputePermit}; not thread-safe.
 */
public final class Learning implements AutoCloseable {
    /** How many tensors the optimiser moves in one piece: those of one layer. */
    private static final int PARAMETERS_OF_PART = 14;

    private final NativeMemory memory;
    private final Scope scope;
    private final PtSymbolBlock program;
    private final PtSymbolBlock trainer;
    private final ModelConfig config;
    private final ExactWeights.Lease lease;
    private final PtNDArray[] weights;
    private final PtNDArray inverse;
    private final LearningKernel kernel;
    private final Form form;
    private final KeptStates kept;
    private final IValue how;
    private final IValue shape;
    private final List<String> paths = new ArrayList<>();
    private final List<PtNDArray> parameters = new ArrayList<>();
    private final List<PtNDArray> gradients = new ArrayList<>();
    private final List<PtNDArray> firstMoments = new ArrayList<>();
    private final List<PtNDArray> secondMoments = new ArrayList<>();
    private final List<IValue> lora = new ArrayList<>();
    private final List<IValue> loraGradients = new ArrayList<>();
    private @Nullable LearningWeights ready;
    private double scale = 1;
    private int firstTrained;
    private int steps;

    /**
     * On the weights of {@code lease}, which it gives back at its end.
     *
     * @param program {@code decoder.py}
     * @param trainer {@code training.py}
     * @param keptBytes how much hidden states of rows below the lowest adapter may take
     */
    Learning(
            NativeMemory memory,
            PtSymbolBlock program,
            PtSymbolBlock trainer,
            ModelConfig config,
            ExactWeights.Lease lease,
            PtNDArray inverse,
            LearningKernel kernel,
            Form form,
            long keptBytes) {
        this.memory = memory;
        this.scope = memory.open();
        this.program = program;
        this.trainer = trainer;
        this.config = config;
        this.lease = lease;
        this.weights = lease.tensors();
        this.inverse = inverse;
        this.kernel = kernel;
        this.form = form;
        this.kept = new KeptStates(memory, keptBytes);
        this.how = scope.own(IValue.listFrom(kernel.how(form)));
        this.shape = scope.own(IValue.listFrom(config.heads(), config.kvHeads(), (long) config.headDim()));
    }

    /**
     * Takes {@code adapter} as the tensors to train; all its modules have one scale.
     *
     * @throws FailedException if the modules' scales differ
     */
    public void start(LoraAdapter adapter) {
        memory.compute(() -> begin(adapter));
    }

    private void begin(LoraAdapter adapter) {
        scale = adapter.modules().values().stream()
                .mapToDouble(LoraModule::scale)
                .findFirst()
                .orElse(1);
        firstTrained = config.layers();
        var nothing = scope.nothing();
        for (int layer = 0; layer < config.layers(); layer++) {
            var own = new ArrayList<PtNDArray>();
            var grads = new ArrayList<PtNDArray>();
            for (var projection : Projection.ALL) {
                var path = projection.path(layer);
                var module = adapter.modules().get(path);
                if (module == null) {
                    own.addAll(List.of(nothing, nothing));
                    grads.addAll(List.of(nothing, nothing));
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
                own.add(parameter(module.a(), module.rank(), module.in()));
                grads.add(gradients.getLast());
                own.add(parameter(module.b(), module.out(), module.rank()));
                grads.add(gradients.getLast());
            }
            lora.add(scope.own(IValue.listFrom(own.toArray(PtNDArray[]::new))));
            loraGradients.add(scope.own(IValue.listFrom(grads.toArray(PtNDArray[]::new))));
        }
        ready = new LearningWeights(memory, trainer, config, weights, kernel, form, firstTrained);
    }

    private PtNDArray parameter(float[] data, int rows, int columns) {
        var array = scope.floats(data, rows, columns);
        parameters.add(array);
        gradients.add(zeros(rows, columns));
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

    double scale() {
        return scale;
    }

    KeptStates kept() {
        return kept;
    }

    /** The lowest layer that carries something to train; the layer count if none does. */
    int firstTrained() {
        return firstTrained;
    }

    private LearningWeights ready() {
        return Objects.requireNonNull(ready, "not started");
    }

    /** Adds to {@code arguments} the weights before the first layer and after the last, for {@code decoder.py}. */
    void ends(NDList arguments) {
        for (var array : ready().ends()) {
            array.setName("w[]");
            arguments.add(array);
        }
    }

    /** Calls {@code method} of {@code training.py}; the caller owns what it returns. */
    IValue call(String method, IValue... arguments) {
        return Programs.call(trainer, method, arguments);
    }

    /** Embeds tokens, with what their rows need in every layer; in {@code into}. */
    FrozenPart.Ways open(Scope into, long[] ids, long[] positions, long[] rows) {
        try (var now = memory.open()) {
            var spans = into.own(IValue.listFrom(rows));
            var opened = call(
                    "open",
                    now.own(IValue.from(ready().ends().getFirst())),
                    now.own(IValue.from(now.longs(ids))),
                    now.own(IValue.from(now.longs(positions))),
                    now.own(IValue.from(inverse)),
                    now.own(IValue.from(config.rope().attentionScale())),
                    spans);
            return new FrozenPart.Ways(into.own(opened), spans);
        }
    }

    /**
     * One layer on the way forward.
     *
     * @param before what the layer below made, or the rows' embeddings
     * @param numbers epsilon, scale, dropout
     * @param wanted of which tokens the output is wanted; none named for all
     * @param keep whether to make what {@link #back} needs, too
     */
    IValue through(int layer, IValue before, IValue numbers, FrozenPart.Ways ways, PtNDArray wanted, boolean keep) {
        try (var now = memory.open()) {
            return call(
                    "through",
                    before,
                    ready().layer(layer),
                    lora.get(layer),
                    how,
                    shape,
                    numbers,
                    ways.opened(),
                    ways.rows(),
                    now.own(IValue.from(wanted)),
                    now.own(IValue.from(keep)));
        }
    }

    /** The same layer back, from the gradient at its output to the one at its input; adapters' gradients add up. */
    IValue back(int layer, IValue gradient, IValue made, IValue numbers, FrozenPart.Ways ways, PtNDArray wanted) {
        try (var now = memory.open()) {
            return call(
                    "back",
                    gradient,
                    made,
                    ready().layer(layer),
                    lora.get(layer),
                    loraGradients.get(layer),
                    how,
                    shape,
                    numbers,
                    ways.opened(),
                    ways.rows(),
                    now.own(IValue.from(wanted)),
                    now.own(IValue.from(layer > firstTrained)));
        }
    }

    /** How many parts an optimiser step has. */
    public int parts() {
        return Math.ceilDiv(parameters.size(), PARAMETERS_OF_PART);
    }

    private static IValue part(Scope now, List<PtNDArray> all, int part) {
        int from = part * PARAMETERS_OF_PART;
        return now.own(IValue.listFrom(all.subList(from, Math.min(all.size(), from + PARAMETERS_OF_PART))
                .toArray(PtNDArray[]::new)));
    }

    /** The sum of squares of the gradients that have added up in {@code part}. */
    public double squares(int part) {
        return memory.compute(() -> sum(part));
    }

    private double sum(int part) {
        try (var now = memory.open()) {
            return Programs.run(program, now, "squares", part(now, gradients, part))
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
        memory.compute(() -> moved(part, clip, rate, beta1, beta2, epsilon, decay));
    }

    private void moved(int part, double clip, double rate, double beta1, double beta2, double epsilon, double decay) {
        try (var now = memory.open()) {
            Programs.run(
                    program,
                    now,
                    "adamw",
                    part(now, parameters, part),
                    part(now, gradients, part),
                    part(now, firstMoments, part),
                    part(now, secondMoments, part),
                    now.own(IValue.from(clip)),
                    now.own(IValue.from(rate)),
                    now.own(IValue.from(beta1)),
                    now.own(IValue.from(beta2)),
                    now.own(IValue.from(epsilon)),
                    now.own(IValue.from(decay)),
                    now.own(IValue.from(1 - Math.pow(beta1, steps))),
                    now.own(IValue.from(1 - Math.pow(beta2, steps))));
        }
    }

    /** Forgets gradients that were not used. */
    public void dropGradients() {
        memory.compute(() -> {
            try (var now = memory.open()) {
                now.own(call("forget", now.own(IValue.listFrom(gradients.toArray(PtNDArray[]::new)))));
            }
        });
    }

    /** Gradient of A and B by module path, for the reference tests. */
    public Map<String, float[][]> gradientsByName() {
        var named = new LinkedHashMap<String, float[][]>();
        for (int i = 0; i < paths.size(); i++) {
            named.put(paths.get(i), new float[][] {
                Scope.read(gradients.get(2 * i)), Scope.read(gradients.get(2 * i + 1))
            });
        }
        return named;
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
                            Scope.read(a),
                            Scope.read(b),
                            (int) a.getShape().get(0),
                            (int) a.getShape().get(1),
                            (int) b.getShape().get(0),
                            scale));
        }
        return new LoraAdapter(modules);
    }

    @Override
    public void close() {
        kept.close();
        if (ready != null) {
            ready.close();
            ready = null;
        }
        scope.close();
        lease.close();
    }
}
