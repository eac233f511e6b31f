package dev.apprentice.engine.decoder;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import dev.apprentice.engine.memory.Scope;
import java.nio.DoubleBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Some rows on their way forward and, for gradients, back, in pieces of one layer, between which others may compute.
 * The layers are {@code training.py}'s, which goes back by hand; the loss is a graph of its own, by autograd: its input
 * is a leaf, and the gradient there is what the highest layer goes back with. Callers hold the {@link ComputePermit}
 * during {@link #advance}; not thread-safe.
 */
public final class LearningPass implements Pieces, AutoCloseable {
    private static final int CHANCES = 256;

    private final Learning learning;
    private final LearningBatch batch;
    private final boolean gradients;
    private final Scope scope;
    private final IValue numbers;
    private final PtNDArray judging;
    private final PtNDArray all;
    private final PtNDArray judged;
    private final ArrayDeque<Runnable> left = new ArrayDeque<>();
    private final @Nullable IValue[] made;
    private FrozenPart.@Nullable Ways ways;
    private @Nullable IValue below;
    private boolean belowNeeded;
    private @Nullable PtNDArray top;
    private @Nullable IValue gradient;
    private double loss;
    private final float[] chosen;
    private final float[] kl;

    LearningPass(Learning learning, LearningBatch batch, double dropout, boolean gradients, int positions) {
        this.learning = learning;
        this.batch = batch;
        this.gradients = gradients;
        var config = learning.config();
        chosen = new float[batch.ceAt().length];
        kl = new float[batch.klAt().length];
        made = new IValue[config.layers()];
        scope = learning.memory().open();
        numbers = scope.own(IValue.listFrom(config.rmsEpsilon(), learning.scale(), gradients ? in256ths(dropout) : 0));
        judging = scope.manager()
                .create(DoubleBuffer.wrap(new double[] {config.rmsEpsilon()}), new Shape(1), DataType.FLOAT64);
        all = scope.longs();
        judged = scope.longs(places());
        plan(config.layers(), positions);
    }

    /** A byte of chance decides for each input (training.py). */
    private static double in256ths(double dropout) {
        return Math.min(CHANCES - 1, Math.round(dropout * CHANCES)) / (double) CHANCES;
    }

    /** Where something is judged: the highest layer's second half is computed for these alone. */
    private long[] places() {
        var places = Arrays.copyOf(batch.ceAt(), chosen.length + kl.length);
        System.arraycopy(batch.klAt(), 0, places, chosen.length, kl.length);
        return places;
    }

    private PtNDArray wanted(int layer) {
        return layer == made.length - 1 ? judged : all;
    }

    private void plan(int layers, int atOnce) {
        int lowest = learning.firstTrained();
        if (lowest > 0) {
            frozen(lowest);
        }
        left.add(this::open);
        for (int l = lowest; l < layers; l++) {
            int layer = l;
            left.add(() -> through(layer));
        }
        left.add(this::leaf);
        int positions = chosen.length + kl.length;
        for (int p = 0; p < positions; p += atOnce) {
            int from = p;
            left.add(() -> judge(from, Math.min(positions, from + atOnce)));
        }
        if (gradients) {
            left.add(this::turn);
            for (int l = layers - 1; l >= lowest; l--) {
                int layer = l;
                left.add(() -> back(layer));
            }
        }
    }

    /** The layers below the lowest adapter, for the rows whose states there are not kept. */
    private void frozen(int layers) {
        var part = new FrozenPart(learning, batch, scope);
        if (part.needed()) {
            left.add(() -> {
                ways = part.open();
                rise(ways.opened(), true); // every layer reads what is beside the embeddings
            });
            for (int l = 0; l < layers; l++) {
                int layer = l;
                left.add(() -> {
                    rise(scope.own(learning.through(layer, known(below), numbers, known(ways), all, false)), false);
                });
            }
        }
        left.add(() -> {
            rise(part.laid(below), false);
        });
    }

    /** Goes on from {@code next}; what it was made from is given back if nothing else needs it. */
    private void rise(IValue next, boolean needed) {
        if (below != null && !belowNeeded) {
            below.close();
        }
        below = next;
        belowNeeded = needed;
    }

    private static <T> T known(@Nullable T value) {
        return Objects.requireNonNull(value, "pieces come in their order");
    }

    @Override
    public boolean unfinished() {
        return !left.isEmpty();
    }

    @Override
    public void advance() {
        learning.memory().compute(left.remove());
    }

    /** What has been found; the whole of it once nothing is left. */
    public Learning.Outcome outcome() {
        return new Learning.Outcome(loss, chosen, kl);
    }

    private void open() {
        ways = learning.open(scope, batch.ids(), batch.positions(), batch.rows());
        if (below == null) {
            rise(ways.opened(), true);
        }
    }

    private void through(int layer) {
        var next = scope.own(learning.through(layer, known(below), numbers, known(ways), wanted(layer), gradients));
        if (gradients) {
            made[layer] = next;
        }
        rise(next, gradients);
    }

    /** Makes the highest layer's output at the places that are judged a tensor that autograd may follow. */
    private void leaf() {
        var config = learning.config();
        top = (PtNDArray)
                scope.manager().zeros(new Shape(chosen.length + kl.length, config.hidden()), DataType.FLOAT32);
        try (var now = learning.memory().open()) {
            now.own(learning.call("fill", now.own(IValue.from(top)), known(below)));
        }
        top.setRequiresGradient(gradients);
    }

    /** The loss at the positions {@code from} to {@code to}, those of cross-entropy before those of KL. */
    private void judge(int from, int to) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(gradients);
        try {
            lossAt(from, to);
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    private void lossAt(int from, int to) {
        int ce = chosen.length;
        int ceFrom = Math.min(from, ce);
        int ceTo = Math.min(to, ce);
        int klFrom = Math.max(from, ce) - ce;
        int klTo = Math.max(to, ce) - ce;
        try (var now = learning.memory().open()) {
            var arguments = new NDList(known(top));
            learning.ends(arguments);
            arguments.add(judging);
            arguments.add(now.longs(LongStream.range(ceFrom, ceTo).toArray()));
            arguments.add(now.longs(Arrays.copyOfRange(batch.targets(), ceFrom, ceTo)));
            arguments.add(now.floats(Arrays.copyOfRange(batch.ceWeight(), ceFrom, ceTo), ceTo - ceFrom));
            arguments.add(now.longs(LongStream.range(ce + klFrom, ce + klTo).toArray()));
            int k = batch.k();
            arguments.add(now.longs(Arrays.copyOfRange(batch.topIds(), klFrom * k, klTo * k), klTo - klFrom, k));
            arguments.add(now.floats(Arrays.copyOfRange(batch.topLogprobs(), klFrom * k, klTo * k), klTo - klFrom, k));
            arguments.add(now.floats(Arrays.copyOfRange(batch.klWeight(), klFrom, klTo), klTo - klFrom));
            var judged = Programs.follow(learning.program(), now, "judge", arguments);
            var part = (PtNDArray) judged.get(0);
            loss += part.toFloatArray()[0];
            System.arraycopy(judged.get(1).toFloatArray(), 0, chosen, ceFrom, ceTo - ceFrom);
            System.arraycopy(judged.get(2).toFloatArray(), 0, kl, klFrom, klTo - klFrom);
            if (gradients) {
                JniUtils.backward(part, now.floats(new float[] {1}, 1).reshape(new Shape()), false, false);
            }
        }
    }

    /** The gradient at the highest layer's output. */
    private void turn() {
        try (var now = learning.memory().open()) {
            gradient = scope.own(IValue.from(Scope.move(JniUtils.getGradient(known(top)), now)));
        }
    }

    private void back(int layer) {
        var next = learning.back(layer, known(gradient), known(made[layer]), numbers, known(ways), wanted(layer));
        known(gradient).close();
        known(made[layer]).close();
        gradient = scope.own(next);
    }

    @Override
    public void close() {
        left.clear();
        scope.close();
    }
}
