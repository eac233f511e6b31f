package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.EngineSettings.Dtype;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.ModelConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A base model in native memory and the only caller of its program. Every method computes on the calling thread, one at
 * a time: callers hold the {@link ComputePermit}.
 */
public final class Decoder implements AutoCloseable {
    /** The at::ScalarType number of bfloat16, which DJL cannot name. */
    private static final int BFLOAT16 = 15;

    private final NativeMemory memory;
    private final Scope scope;
    private final ModelConfig config;
    private final Dtype dtype;
    private final PtSymbolBlock program;
    private final PtNDArray[] exact;
    private final PtNDArray[] serving;
    private final PtNDArray inverse;
    private final IValue weights;
    private final IValue exactWeights;
    private final IValue shape;
    private final IValue epsilon;
    private final IValue frequencies;
    private final IValue ropeScale;

    private Decoder(NativeMemory memory, Scope scope, BaseModel model, Dtype dtype, PtSymbolBlock program) {
        this.memory = memory;
        this.scope = scope;
        this.config = model.config();
        this.dtype = dtype;
        this.program = program;
        this.exact = DecoderWeights.load(model, memory, scope);
        this.serving = switch (dtype) {
            case FP32 -> exact;
            case BF16 -> castAll(exact);
        };
        this.inverse = scope.floats(config.rope().inverseFrequencies(), config.headDim() / 2);
        this.weights = scope.own(IValue.listFrom(serving));
        this.exactWeights = scope.own(IValue.listFrom(exact));
        this.shape =
                scope.own(IValue.listFrom(config.layers(), config.heads(), config.kvHeads(), (long) config.headDim()));
        this.epsilon = scope.own(IValue.from(config.rmsEpsilon()));
        this.frequencies = scope.own(IValue.from(inverse));
        this.ropeScale = scope.own(IValue.from(config.rope().attentionScale()));
    }

    /**
     * Loads {@code model} to compute in {@code dtype} with {@code threads} threads (of the whole process).
     *
     * @throws dev.apprentice.engine.BadModelException if a weight can't be read or is no number
     */
    public static Decoder load(BaseModel model, Dtype dtype, int threads) {
        var memory = NativeMemory.cpu();
        var scope = memory.open();
        try {
            JniUtils.setNumThreads(threads);
            JniUtils.setGraphExecutorOptimize(false);
            var program = JniUtils.loadModule(
                    scope.manager(), new ByteArrayInputStream(ProgramArchive.bytes()), false, false);
            return new Decoder(memory, scope, model, dtype, program);
        } catch (IOException e) {
            scope.close();
            memory.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            scope.close();
            memory.close();
            throw e;
        }
    }

    /** The shape of the network. */
    public ModelConfig config() {
        return config;
    }

    /** How many scopes of native memory are open; the decoder's own is one of them. */
    public int openScopes() {
        return memory.openScopes();
    }

    /** Prepares the calling thread to run the program; once for each thread. */
    public void enter() {
        JniUtils.setGraphExecutorOptimize(false);
    }

    /** Bytes that {@link #cache} takes for {@code capacity} tokens. */
    public long cacheBytes(int capacity) {
        int width = dtype == Dtype.FP32 ? Float.BYTES : Short.BYTES;
        return 2L * config.layers() * config.kvHeads() * config.headDim() * capacity * width;
    }

    /** An empty cache for one row. */
    public RowCache cache(int capacity) {
        var own = memory.open();
        try (var step = memory.open()) {
            var like = step.own(IValue.from(serving[0]));
            var tensor = tensor(run(step, "cache", like, shape, step.own(IValue.from(capacity))), own);
            return new RowCache(own, tensor, capacity, cacheBytes(capacity));
        }
    }

    /** Brings an adapter into native memory for serving; its shapes must fit, which {@code PeftFolder} has checked. */
    public LoraTensors place(LoraAdapter adapter) {
        var own = memory.open();
        var tensors = new ArrayList<PtNDArray>();
        long floats = 0;
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
                    tensors.add(forServing(step.floats(module.a(), module.rank(), module.in()), own));
                    tensors.add(forServing(step.floats(b, module.out(), module.rank()), own));
                    floats += module.a().length + module.b().length;
                }
            }
            return new LoraTensors(own, tensors.toArray(PtNDArray[]::new), floats * Float.BYTES);
        } catch (RuntimeException | Error e) {
            own.close();
            throw e;
        }
    }

    /** One serving step; returns the wanted rows' logits [wanted, vocabulary] in the rows' order. */
    public float[][] step(Step step) {
        try (var now = memory.open()) {
            var flat = Flat.of(step.rows());
            var caches = step.rows().stream().map(r -> r.cache().tensor()).toArray(PtNDArray[]::new);
            var logits = tensor(
                    run(
                            now,
                            "step",
                            weights,
                            shape,
                            epsilon,
                            frequencies,
                            ropeScale,
                            now.own(IValue.from(now.longs(flat.ids()))),
                            now.own(IValue.from(now.longs(flat.positions()))),
                            now.own(IValue.listFrom(caches)),
                            now.own(IValue.listFrom(flat.rows())),
                            now.own(IValue.from(now.longs(flat.wanted()))),
                            now.own(IValue.listFrom(flat.lora())),
                            now.own(IValue.listFrom(flat.groups()))),
                    now);
            return flat.wanted().length == 0 ? new float[0][] : rows(logits, flat.wanted().length);
        }
    }

    /** Mean hidden states of the bare base in fp32 over a prompt, [layers, hidden]; layer 0 is the embedding. */
    public float[][] embed(int[] prompt, int[] layers) {
        try (var now = memory.open()) {
            var order = new long[layers.length];
            for (int i = 0; i < layers.length; i++) {
                order[i] = layers[i];
                assert i == 0 || layers[i] > layers[i - 1] : "layers must ascend";
            }
            var means = tensor(
                    run(
                            now,
                            "embed",
                            exactWeights,
                            shape,
                            epsilon,
                            frequencies,
                            ropeScale,
                            now.own(IValue.from(now.longs(prompt, prompt.length))),
                            now.own(IValue.from(positions(now, prompt.length))),
                            now.own(IValue.listFrom(0L, prompt.length, 0L)),
                            now.own(IValue.listFrom(order))),
                    now);
            return rows(means, layers.length);
        }
    }

    /** The bare base's best {@code k} tokens in fp32 after each of the tokens from {@code first} to {@code last}. */
    public Best best(int[] tokens, int first, int last, int k) {
        try (var now = memory.open()) {
            var wanted = new long[last - first + 1];
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = (long) first + i;
            }
            var pair = run(
                            now,
                            "top",
                            exactWeights,
                            shape,
                            epsilon,
                            frequencies,
                            ropeScale,
                            now.own(IValue.from(now.longs(tokens, tokens.length))),
                            now.own(IValue.from(positions(now, tokens.length))),
                            now.own(IValue.listFrom(0L, tokens.length, 0L)),
                            now.own(IValue.from(now.longs(wanted))),
                            now.own(IValue.listFrom(new PtNDArray[0])),
                            now.own(IValue.listFrom(new long[0])),
                            now.own(IValue.from(k)))
                    .toIValueTuple();
            var ids = tensor(now.own(pair[0]), now).toLongArray();
            var narrow = new int[ids.length];
            for (int i = 0; i < ids.length; i++) {
                narrow[i] = (int) ids[i];
            }
            return new Best(narrow, tensor(now.own(pair[1]), now).toFloatArray());
        }
    }

    /** Token ids and log-probabilities, both [places, k] and flat. */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
    public record Best(int[] ids, float[] logprobs) {}

    /** Opens what a student needs to train on these weights. */
    public Learning learning() {
        return new Learning(memory, program, config, exact, inverse);
    }

    private PtNDArray[] castAll(PtNDArray[] from) {
        var to = new PtNDArray[from.length];
        try (var step = memory.open()) {
            for (int i = 0; i < from.length; i++) {
                to[i] = toBfloat16(step, from[i], scope);
            }
        }
        return to;
    }

    /** A tensor in the serving dtype, in {@code into}. */
    private PtNDArray forServing(PtNDArray array, Scope into) {
        return switch (dtype) {
            case FP32 -> Scope.move(array, into);
            case BF16 -> {
                try (var step = memory.open()) {
                    yield toBfloat16(step, array, into);
                }
            }
        };
    }

    private PtNDArray toBfloat16(Scope step, PtNDArray array, Scope into) {
        return tensor(run(step, "cast", step.own(IValue.from(array)), step.own(IValue.from(BFLOAT16))), into);
    }

    private IValue run(Scope step, String method, IValue... arguments) {
        try {
            return step.own(IValueUtils.runMethod(program, method, arguments));
        } catch (RuntimeException e) {
            throw new FailedException("native_failure", method + ": " + e.getMessage(), Fault.NONE, e);
        }
    }

    private static PtNDArray tensor(IValue value, Scope into) {
        return value.toTensor(into.manager());
    }

    private static PtNDArray positions(Scope now, int count) {
        var positions = new long[count];
        for (int i = 0; i < count; i++) {
            positions[i] = i;
        }
        return now.longs(positions);
    }

    private static float[][] rows(PtNDArray matrix, int count) {
        var flat = matrix.toFloatArray();
        int width = flat.length / count;
        var rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = java.util.Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }

    @Override
    public void close() {
        scope.close();
        program.close();
        memory.close();
    }

    /** A step's rows laid end to end, as the program wants them. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Flat(long[] ids, long[] positions, long[] rows, long[] wanted, PtNDArray[] lora, long[] groups) {

        static Flat of(List<Step.Row> steps) {
            int count = steps.stream().mapToInt(r -> r.tokens().length).sum();
            var ids = new long[count];
            var positions = new long[count];
            var rows = new long[steps.size() * 3];
            var wanted = new ArrayList<Long>();
            var lora = new ArrayList<PtNDArray>();
            var groups = new ArrayList<Long>();
            @Nullable LoraTensors before = null;
            int at = 0;
            for (int i = 0; i < steps.size(); i++) {
                var row = steps.get(i);
                rows[i * 3] = at;
                rows[i * 3 + 1] = row.tokens().length;
                rows[i * 3 + 2] = row.past();
                var adapter = row.adapter();
                if (adapter != null && adapter != before) {
                    lora.addAll(List.of(adapter.tensors()));
                    groups.add((long) at);
                    groups.add((long) at);
                }
                before = adapter;
                for (int t = 0; t < row.tokens().length; t++) {
                    ids[at] = row.tokens()[t];
                    positions[at] = (long) row.past() + t;
                    at++;
                }
                if (adapter != null) {
                    groups.set(groups.size() - 1, (long) at);
                }
                if (row.wanted()) {
                    wanted.add(at - 1L);
                }
            }
            return new Flat(
                    ids,
                    positions,
                    rows,
                    wanted.stream().mapToLong(Long::longValue).toArray(),
                    lora.toArray(PtNDArray[]::new),
                    groups.stream().mapToLong(Long::longValue).toArray());
        }
    }
}
