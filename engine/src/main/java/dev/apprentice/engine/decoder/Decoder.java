package dev.apprentice.engine.decoder;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import dev.apprentice.engine.EngineSettings.LearningDtype;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.Placement.Cpu;
import dev.apprentice.engine.Placement.Place;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.ModelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A base model in native memory and the only caller of its program. Every method computes on the calling thread, one at
 * a time: callers hold the {@link ComputePermit}.
 */
public final class Decoder implements AutoCloseable {
    /** The at::ScalarType number of bfloat16, which DJL cannot name. */
    static final int BFLOAT16 = 15;

    private final NativeMemory memory;
    private final Scope scope;
    private final ModelConfig config;
    private final Form form;
    private Kernel kernel;
    private final PtSymbolBlock program;
    private final PtSymbolBlock server;
    private final PtSymbolBlock trainer;
    private final ExactWeights exact;
    private final PtNDArray inverse;
    private Scope served;
    private IValue weights;
    private IValue kinds;
    private PtNDArray[] serving;
    private final ExactWeights.Lease held;
    private final Look look;
    private final LoraStacks stacks;
    private final Slabs slabs;
    private final LoraPlacing placing;
    private final IValue shape;
    private final ServingStep serve;

    private Decoder(NativeMemory memory, Scope scope, BaseModel model, Kernel kernel, Form form) throws IOException {
        boolean shared = form == Form.SHARED;
        this.memory = memory;
        this.scope = scope;
        this.config = model.config();
        this.form = form;
        this.kernel = shared ? kernel : Kernel.FP32;
        this.program = Programs.open("decoder.py", "Decoder", scope);
        this.server = Programs.open("serving.py", "Serving", scope);
        this.trainer = Programs.open("training.py", "Training", scope);
        this.exact = ExactWeights.held(
                model, memory, (weight, into) -> shared && kernel == Kernel.BF16 ? half(weight, into) : weight);
        this.inverse = scope.floats(config.rope().inverseFrequencies(), config.headDim() / 2);
        this.shape = scope.own(shape(config.layers()));
        var epsilon = scope.own(IValue.from(config.rmsEpsilon()));
        var frequencies = scope.own(IValue.from(inverse));
        var ropeScale = scope.own(IValue.from(config.rope().attentionScale()));
        this.look = new Look(memory, program, exact, List.of(shape, epsilon, frequencies, ropeScale));
        this.serve = new ServingStep(server, epsilon, frequencies, ropeScale);
        this.stacks = new LoraStacks(memory, server);
        this.slabs = new Slabs(memory, server, config, new Slab.Make(shape, frequencies), form);
        this.placing = new LoraPlacing(memory, server, config, shared && kernel != Kernel.FP32);
        this.served = memory.open();
        this.held = exact.open();
        var plain = shared
                ? ServingWeights.shared(memory, served, server, held.tensors(), kernel)
                : ServingWeights.of(memory, served, server, held.tensors(), Kernel.FP32, List.of());
        this.serving = plain.tensors();
        this.weights = served.own(IValue.listFrom(plain.tensors()));
        this.kinds = served.own(IValue.listFrom(plain.kinds()));
    }

    /**
     * {@code weight} in bf16, in {@code into} instead of itself; the loss goes through the vocabulary's by autograd.
     */
    private PtNDArray half(PtNDArray weight, Scope into) {
        try (var now = memory.open()) {
            var halved = Programs.follow(program, now, "halved", new NDList(Scope.move(weight, now)));
            return Scope.move((PtNDArray) halved.get(0), into);
        }
    }

    private IValue shape(int layers) {
        return IValue.listFrom(layers, config.heads(), config.kvHeads(), (long) config.headDim());
    }

    /**
     * Loads {@code model} to compute on the processor with {@code threads} threads (of the whole process).
     *
     * @param calibration token ids of a few texts, whose inputs to the products int8 is fitted to; others need none
     * @throws dev.apprentice.engine.BadModelException if a weight can't be read or is no number
     */
    public static Decoder load(BaseModel model, Kernel kernel, List<int[]> calibration, int threads) {
        return load(model, kernel, calibration, threads, new Cpu(), Form.PACKED);
    }

    /** The same in {@code place}; weights in {@code form}, which is never int8 where they are shared. */
    public static Decoder load(
            BaseModel model, Kernel kernel, List<int[]> calibration, int threads, Place place, Form form) {
        var memory = NativeMemory.in(place);
        var scope = memory.open();
        try {
            return memory.compute(() -> {
                JniUtils.setNumThreads(threads);
                var decoder = open(memory, scope, model, kernel, form);
                decoder.serve(kernel, calibration);
                return decoder;
            });
        } catch (RuntimeException | Error e) {
            scope.close();
            memory.close();
            throw e;
        }
    }

    private static Decoder open(NativeMemory memory, Scope scope, BaseModel model, Kernel kernel, Form form) {
        try {
            return new Decoder(memory, scope, model, kernel, form);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The arithmetic of serving, such as int8; another name where shared weights compute, as they see a little else.
     */
    public String dtype() {
        var name = kernel.name().toLowerCase(Locale.ROOT);
        return form == Form.SHARED ? name + "-shared" : name;
    }

    /** Goes over to {@code kernel}, before there are caches and adapters: theirs would be of another dtype. */
    void serve(Kernel kernel, List<int[]> calibration) {
        if (kernel != this.kernel) {
            assert form == Form.PACKED : "there are no fp32 weights to make " + kernel + " of";
            memory.compute(() -> goOver(kernel, calibration));
        }
    }

    private void goOver(Kernel kernel, List<int[]> calibration) {
        var ready = memory.open();
        try (var watching = memory.open()) {
            var seen = kernel == Kernel.INT8 ? watch(watching, calibration) : List.<PtNDArray>of();
            var made = ServingWeights.of(memory, ready, server, held.tensors(), kernel, seen);
            serving = made.tensors();
            weights = ready.own(IValue.listFrom(made.tensors()));
            kinds = ready.own(IValue.listFrom(made.kinds()));
        } catch (RuntimeException | Error e) {
            ready.close();
            throw e;
        }
        served.close();
        served = ready;
        this.kernel = kernel;
    }

    /**
     * Keeps the fp32 weights in {@code file} from now on, where packed ones serve: they are in memory only while
     * somebody learns or looks.
     */
    public void keepExactIn(Path file) {
        memory.compute(() -> {
            if (form == Form.PACKED && kernel != Kernel.FP32 && exact.mapFrom(file, held, serving, served)) {
                weights = served.own(IValue.listFrom(serving));
            }
        });
    }

    /** Whether the fp32 weights are in memory. */
    public boolean holdsExact() {
        return exact.present();
    }

    /** The largest inputs of every product over {@code calibration}, in fp32. */
    private List<PtNDArray> watch(Scope watching, List<int[]> calibration) {
        var watched = ServingWeights.watched(memory, watching, server, held.tensors());
        var tensors = watching.own(IValue.listFrom(watched.tensors()));
        var how = watching.own(IValue.listFrom(watched.kinds()));
        for (var text : calibration) {
            try (var cache = slabs.alone(text.length);
                    var now = memory.open()) {
                serve.step(
                        now,
                        flat(List.of(new Step.Row(text, 0, cache, null, Step.Wanted.NONE))),
                        tensors,
                        how,
                        shape,
                        config.vocabulary(),
                        List.of());
            }
        }
        return watched.smooths();
    }

    /**
     * Milliseconds of one pass of {@code rows} tokens through the first {@code layers} layers, {@code times} times,
     * ascending.
     */
    double[] millis(Kernel kernel, int layers, int rows, int times) {
        return memory.compute(() -> timed(kernel, layers, rows, times));
    }

    private double[] timed(Kernel kernel, int layers, int rows, int times) {
        try (var now = memory.open();
                var cache = slabs.alone(rows)) {
            var few = Arrays.copyOf(held.tensors(), ServingWeights.before(layers));
            var seen = ServingWeights.watched(memory, now, server, few).smooths();
            var made = ServingWeights.of(memory, now, server, few, kernel, seen);
            var tensors = now.own(IValue.listFrom(made.tensors()));
            var how = now.own(IValue.listFrom(made.kinds()));
            var short_ = now.own(shape(layers));
            var flat = flat(List.of(new Step.Row(new int[rows], 0, cache, null, Step.Wanted.NONE)));
            var millis = new double[times];
            for (int i = -1; i < times; i++) { // the first time does not count
                long began = System.nanoTime();
                serve.step(now, flat, tensors, how, short_, config.vocabulary(), List.of());
                memory.finish();
                millis[Math.max(0, i)] = (System.nanoTime() - began) / 1e6;
            }
            Arrays.sort(millis);
            return millis;
        }
    }

    /** The shape of the network. */
    public ModelConfig config() {
        return config;
    }

    /** How it has the frozen weights. */
    public Form form() {
        return form;
    }

    /** By which products studies learn on them: where they are shared, those that serve, whatever is {@code wanted}. */
    public LearningKernel learns(LearningDtype wanted) {
        boolean half = form == Form.SHARED ? kernel == Kernel.BF16 : wanted == LearningDtype.BF16;
        return half ? LearningKernel.BF16 : LearningKernel.FP32;
    }

    /** Bytes that nobody uses on its GPU; empty on a processor, or where that cannot be found out. */
    public OptionalLong freeBytes() {
        return memory.freeBytes();
    }

    /** By which products it serves. */
    public Kernel kernel() {
        return kernel;
    }

    /**
     * How many scopes of native memory are open, without that of mapped weights; two of them are the decoder's own, and
     * one more where it holds fp32 weights.
     */
    public int openScopes() {
        return memory.openScopes() - exact.mappedScopes();
    }

    /** How many native tensors live in them. */
    public long arrays() {
        return memory.arrays() - exact.mappedArrays();
    }

    /** Bytes that {@link #cache} takes for {@code capacity} tokens. */
    public long cacheBytes(int capacity) {
        return slabs.bytes(capacity);
    }

    /**
     * An empty cache for one row.
     *
     * @throws FailedException code {@code native_failure}
     */
    public RowCache cache(int capacity) {
        return memory.compute(() -> slabs.place(capacity));
    }

    /** The same in a slab of its own. */
    RowCache alone(int capacity) {
        return memory.compute(() -> slabs.alone(capacity));
    }

    /** Bytes that {@link #place} takes for {@code adapter}. */
    public long adapterBytes(LoraAdapter adapter) {
        return placing.bytes(adapter);
    }

    /** Brings an adapter into native memory for serving; its shapes must fit, which {@code PeftFolder} has checked. */
    public LoraTensors place(LoraAdapter adapter) {
        return memory.compute(() -> placing.place(adapter));
    }

    /** One serving step without hidden states. */
    public Seen step(Step step) {
        return step(step, List.of());
    }

    /** One serving step, with the hidden states after the {@code watched} layers, from 1 to the last, ascending. */
    public Seen step(Step step, List<Integer> watched) {
        return memory.compute(() -> computed(step, watched));
    }

    private Seen computed(Step step, List<Integer> watched) {
        try (var now = memory.open()) {
            var flat = stacks.stacked(flat(step.rows()), step.rows());
            var made = serve.step(now, flat, weights, kinds, shape, step.vocabulary(), watched);
            return Seen.of(made, flat.wanted().length, flat.whole());
        }
    }

    private Flat flat(List<Step.Row> rows) {
        return Flat.of(rows, config.vocabulary());
    }

    /** Nobody is answered now: gives back what only a batch needs. */
    public void rest() {
        stacks.close();
    }

    /** What the serving products think of each token of {@code tokens} but the first, by those before it. */
    Scored score(int[] tokens) {
        return memory.compute(() -> scored(tokens));
    }

    private Scored scored(int[] tokens) {
        int count = tokens.length - 1;
        try (var now = memory.open();
                var cache = cache(count)) {
            var flat = flat(List.of(new Step.Row(Arrays.copyOf(tokens, count), 0, cache, null, Step.Wanted.ALL)));
            var logits = now.own(
                    IValue.from(serve.step(now, flat, weights, kinds, shape, config.vocabulary(), List.of())[0]));
            var targets = now.own(IValue.from(now.longs(Arrays.copyOfRange(tokens, 1, tokens.length), count)));
            var both = Programs.run(server, now, "score", logits, targets).toTensorArray(now.manager());
            return new Scored(both[0].toFloatArray(), both[1].toLongArray());
        }
    }

    /** Mean hidden states of the bare base in fp32 over a prompt; layer 0 is the embedding. */
    public Embedding embedding(int[] prompt, int[] layers) {
        return embedding(prompt, layers, Embedding.PIECE_TOKENS);
    }

    /** The same, reading {@code pieceTokens} at once. */
    public Embedding embedding(int[] prompt, int[] layers, int pieceTokens) {
        return new Embedding(this, prompt, layers, pieceTokens);
    }

    /** The means over some tokens that go on from {@code past} ones in {@code cache}, or from none without one. */
    float[][] means(int[] tokens, int past, @Nullable RowCache cache, int[] layers) {
        return memory.compute(() -> look.means(tokens, past, cache, layers));
    }

    /** The bare base's best {@code k} tokens in fp32 after each of the tokens from {@code first} to {@code last}. */
    public Best best(int[] tokens, int first, int last, int k) {
        return memory.compute(() -> look.best(tokens, first, last, k));
    }

    /** Opens room for copies of keys and values. */
    public CacheBlocks blocks() {
        return new CacheBlocks(memory, server);
    }

    /**
     * Opens what a student needs to train on these weights.
     *
     * @param keptBytes how much hidden states of rows below the lowest adapter may take
     */
    public Learning learning(LearningKernel kernel, long keptBytes) {
        return memory.compute(
                () -> new Learning(memory, program, trainer, config, exact.open(), inverse, kernel, form, keptBytes));
    }

    @Override
    public void close() {
        stacks.close();
        served.close();
        exact.close();
        scope.close();
        program.close();
        server.close();
        trainer.close();
        memory.close();
    }
}
