package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the bare base sees in texts, exact, in fp32. Belongs to the thread that computes. */
final class Look {
    private final NativeMemory memory;
    private final PtSymbolBlock program;
    private final ExactWeights weights;
    private final List<IValue> base;

    /**
     * By {@code program}, whose methods take {@code weights} first, and then {@code base}: shape, epsilon, frequencies,
     * rope's scale.
     */
    Look(NativeMemory memory, PtSymbolBlock program, ExactWeights weights, List<IValue> base) {
        this.memory = memory;
        this.program = program;
        this.weights = weights;
        this.base = List.copyOf(base);
    }

    /** The means over some tokens that go on from {@code past} ones in {@code cache}, or from none without one. */
    float[][] means(int[] tokens, int past, @Nullable RowCache cache, int[] layers) {
        try (var exact = weights.open();
                var now = memory.open()) {
            var order = new long[layers.length];
            for (int i = 0; i < layers.length; i++) {
                order[i] = layers[i];
                assert i == 0 || layers[i] > layers[i - 1] : "layers must ascend";
            }
            var caches = cache == null ? new PtNDArray[0] : new PtNDArray[] {cache.tensor()};
            var means = run(
                    now,
                    exact,
                    "embed",
                    now.own(IValue.from(now.longs(tokens, tokens.length))),
                    now.own(IValue.from(positions(now, past, tokens.length))),
                    now.own(IValue.listFrom(caches)),
                    now.own(IValue.listFrom(0L, tokens.length, past)),
                    now.own(IValue.listFrom(order)));
            return Seen.rows(Programs.tensor(means, now), layers.length);
        }
    }

    /** The base's best {@code k} tokens after each of the tokens from {@code first} to {@code last}. */
    Best best(int[] tokens, int first, int last, int k) {
        try (var exact = weights.open();
                var now = memory.open()) {
            var wanted = new long[last - first + 1];
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = (long) first + i;
            }
            var best = run(
                            now,
                            exact,
                            "top",
                            now.own(IValue.from(now.longs(tokens, tokens.length))),
                            now.own(IValue.from(positions(now, 0, tokens.length))),
                            now.own(IValue.listFrom(0L, tokens.length, 0L)),
                            now.own(IValue.from(now.longs(wanted))),
                            now.own(IValue.listFrom(new PtNDArray[0])),
                            now.own(IValue.listFrom(new long[0])),
                            now.own(IValue.from(k)))
                    .toIValueTuple();
            var ids = Programs.tensor(now.own(best[0]), now).toLongArray();
            var narrow = Arrays.stream(ids).mapToInt(id -> (int) id).toArray();
            return new Best(narrow, Programs.tensor(now.own(best[1]), now).toFloatArray());
        }
    }

    private IValue run(Scope now, ExactWeights.Lease exact, String method, IValue... arguments) {
        var all = new ArrayList<IValue>();
        all.add(now.own(IValue.listFrom(exact.tensors())));
        all.addAll(base);
        all.addAll(Arrays.asList(arguments));
        return Programs.run(program, now, method, all.toArray(IValue[]::new));
    }

    private static PtNDArray positions(Scope now, int first, int count) {
        var positions = new long[count];
        for (int i = 0; i < count; i++) {
            positions[i] = (long) first + i;
        }
        return now.longs(positions);
    }
}
