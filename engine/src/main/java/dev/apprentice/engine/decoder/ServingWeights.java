package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A base's weights as {@code serving.py} reads them. What needs no other form is the very tensor that learning reads;
 * packed weights are copies. Made outside any step, by the thread that loads.
 */
final class ServingWeights {
    /** Places of the norms and products in {@code decoder.py}'s list: before the layers, and within each. */
    private static final int ENDS = 3;

    private static final int OF_LAYER = 12;

    private static final int PLAIN = 0;
    private static final int PACKED = 1;
    private static final int QUANTISED = 2;
    private static final int WATCHED = 3;
    private static final int FINE = 4;
    private static final int HALF = 5;

    /**
     * How a piece of a prompt attends where products are packed: in bf16 on a processor with tiles for it, else in
     * fp32.
     */
    private static final long PIECES = Kernels.processor().contains("amx_bf16") ? 0 : 1;

    private static final long EXACT_PIECES = 1;

    /** The same on any device. */
    private static final long PIECES_ANYWHERE = 2;

    private static final long EXACT_PIECES_ANYWHERE = 3;

    /** For how many rows a weight's packed form is laid out; any number may come. */
    private static final long ROWS_EXPECTED = 8;

    private final NativeMemory memory;
    private final Scope scope;
    private final PtSymbolBlock program;
    private final List<PtNDArray> list = new ArrayList<>();
    private final PtNDArray nothing;

    private ServingWeights(NativeMemory memory, Scope scope, PtSymbolBlock program) {
        this.memory = memory;
        this.scope = scope;
        this.program = program;
        this.nothing = scope.nothing();
    }

    /**
     * The tensors and how each product computes.
     *
     * @param kinds of the head, qkv, o, gate-up and down products, and how pieces of prompts attend
     * @param smooths of each layer's four products, where they are watched
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
    record Ready(PtNDArray[] tensors, long[] kinds, List<PtNDArray> smooths) {}

    /** Weights for {@code kernel}, in {@code scope}; for int8 {@code watched} has what calibration saw. */
    static Ready of(
            NativeMemory memory,
            Scope scope,
            PtSymbolBlock program,
            PtNDArray[] exact,
            Kernel kernel,
            List<PtNDArray> watched) {
        long[] kinds = switch (kernel) {
            case FP32 -> new long[] {PLAIN, PLAIN, PLAIN, PLAIN, PLAIN};
            case BF16 -> new long[] {PACKED, PACKED, PACKED, PACKED, PACKED};
            case INT8 -> new long[] {FINE, QUANTISED, QUANTISED, QUANTISED, FINE}; // docs/engine.md: why
        };
        return new ServingWeights(memory, scope, program)
                .all(exact, kinds, kernel == Kernel.FP32 ? EXACT_PIECES : PIECES, watched);
    }

    /** How many of the exact weights are those of the first {@code layers} layers and what stands before them. */
    static int before(int layers) {
        return ENDS + OF_LAYER * layers;
    }

    /** The very tensors of {@code once}, which all else reads too, for {@code kernel}. */
    static Ready shared(NativeMemory memory, Scope scope, PtSymbolBlock program, PtNDArray[] once, Kernel kernel) {
        boolean half = kernel == Kernel.BF16;
        assert half || kernel == Kernel.FP32 : kernel;
        var kinds = new long[5];
        Arrays.fill(kinds, half ? HALF : PLAIN);
        return new ServingWeights(memory, scope, program)
                .all(once, kinds, half ? PIECES_ANYWHERE : EXACT_PIECES_ANYWHERE, List.of());
    }

    /** Exact weights whose products note the largest inputs they see. */
    static Ready watched(NativeMemory memory, Scope scope, PtSymbolBlock program, PtNDArray[] exact) {
        var kinds = new long[] {PLAIN, WATCHED, WATCHED, WATCHED, WATCHED};
        return new ServingWeights(memory, scope, program).all(exact, kinds, EXACT_PIECES, List.of());
    }

    private Ready all(PtNDArray[] exact, long[] kinds, long pieces, List<PtNDArray> watched) {
        var smooths = new ArrayList<PtNDArray>();
        list.add(exact[0]);
        list.add(exact[1]);
        boolean tied = exact[2].getShape().size() == 0;
        product(tied ? exact[0] : exact[2], nothing, kinds[0], nothing, nothing);
        for (int at = ENDS; at < exact.length; at += OF_LAYER) {
            var seen = new PtNDArray[4];
            for (int i = 0; i < seen.length; i++) {
                seen[i] = kinds[1 + i] == WATCHED
                        ? scope.floats(new float[in(exact, at, i)], in(exact, at, i))
                        : watched.isEmpty() ? nothing : watched.get((at - ENDS) / OF_LAYER * seen.length + i);
            }
            list.add(exact[at]);
            product(exact[at + 1], exact[at + 2], kinds[1], seen[0], exact[at]);
            list.add(exact[at + 3]);
            list.add(exact[at + 4]);
            product(exact[at + 5], exact[at + 6], kinds[2], seen[1], nothing);
            list.add(exact[at + 7]);
            product(exact[at + 8], exact[at + 9], kinds[3], seen[2], exact[at + 7]);
            product(exact[at + 10], exact[at + 11], kinds[4], seen[3], nothing);
            smooths.addAll(List.of(seen));
        }
        var all = Arrays.copyOf(kinds, kinds.length + 1);
        all[kinds.length] = pieces;
        return new Ready(list.toArray(PtNDArray[]::new), all, smooths);
    }

    private static int in(PtNDArray[] exact, int at, int product) {
        int weight = at + new int[] {1, 5, 8, 10}[product];
        return (int) exact[weight].getShape().get(1);
    }

    /** One product's five tensors; {@code gain} is that of a norm right before it, or nothing. */
    private void product(PtNDArray weight, PtNDArray bias, long kind, PtNDArray seen, PtNDArray gain) {
        try (var now = memory.open()) {
            var of = now.own(IValue.from(weight));
            var rows = now.own(IValue.from(ROWS_EXPECTED));
            if (kind == PACKED) {
                list.add(Programs.tensor(run(now, "bf16", of, rows), scope));
                list.add(half(now, bias));
                list.addAll(List.of(nothing, nothing, nothing));
            } else if (kind == QUANTISED) {
                var smooth = Programs.tensor(run(now, "smoothing", of, now.own(IValue.from(seen))), now);
                var parts = rounded(now, of, smooth, rows);
                list.addAll(List.of(parts[0], bias, gained(now, smooth, gain), parts[1], parts[2]));
            } else if (kind == FINE) {
                var ones = new float[(int) weight.getShape().get(1)];
                Arrays.fill(ones, 1);
                var parts = rounded(now, of, now.floats(ones, ones.length), rows);
                list.addAll(List.of(parts[0], bias, nothing, parts[1], parts[2]));
            } else {
                list.addAll(List.of(weight, bias, seen, nothing, nothing));
            }
        }
    }

    private PtNDArray[] rounded(Scope now, IValue weight, PtNDArray smooth, IValue rows) {
        var parts = run(now, "int8", weight, now.own(IValue.from(smooth)), rows);
        return Arrays.stream(parts.toTensorArray(scope.manager())).toArray(PtNDArray[]::new);
    }

    private PtNDArray gained(Scope now, PtNDArray smooth, PtNDArray gain) {
        return gain.getShape().size() == 0
                ? Scope.move(smooth, scope)
                : Programs.tensor(run(now, "gained", now.own(IValue.from(smooth)), now.own(IValue.from(gain))), scope);
    }

    private PtNDArray half(Scope now, PtNDArray bias) {
        return bias.getShape().size() == 0
                ? nothing
                : Programs.tensor(
                        run(now, "cast", now.own(IValue.from(bias)), now.own(IValue.from((long) Decoder.BFLOAT16))),
                        scope);
    }

    private IValue run(Scope now, String method, IValue... arguments) {
        return Programs.run(program, now, method, arguments);
    }
}
