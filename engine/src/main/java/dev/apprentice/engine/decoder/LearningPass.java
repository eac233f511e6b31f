package dev.apprentice.engine.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.apprentice.engine.memory.Scope;
import java.nio.DoubleBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Some rows on their way forward and, for gradients, back, in pieces of one layer, between which others may compute.
 * Each layer is a graph of its own: its input is a leaf, and the gradient there is what the layer below goes back with.
 * Callers hold the {@link ComputePermit} during {@link #advance}; not thread-safe.
 */
public final class LearningPass implements Pieces, AutoCloseable {
    private final Learning learning;
    private final LearningBatch batch;
    private final boolean gradients;
    private final Scope scope;
    private final PtNDArray counts;
    private final PtNDArray numbers;
    private final PtNDArray[] inputs;
    private final PtNDArray[] outputs;
    private final ArrayDeque<Runnable> left = new ArrayDeque<>();
    private PtNDArray cos;
    private PtNDArray sin;
    private double loss;
    private final float[] chosen;
    private final float[] kl;

    LearningPass(Learning learning, LearningBatch batch, double dropout, boolean gradients, int positions) {
        this.learning = learning;
        this.batch = batch;
        this.gradients = gradients;
        int layers = learning.config().layers();
        chosen = new float[batch.ceAt().length];
        kl = new float[batch.klAt().length];
        inputs = new PtNDArray[layers + 1];
        outputs = new PtNDArray[layers];
        scope = learning.memory().open();
        counts = counts();
        numbers = numbers(gradients ? dropout : 0);
        cos = scope.nothing();
        sin = cos;
        plan(layers, positions);
    }

    private PtNDArray counts() {
        var config = learning.config();
        var counts = new long[4 + batch.rows().length];
        counts[0] = config.layers();
        counts[1] = config.heads();
        counts[2] = config.kvHeads();
        counts[3] = config.headDim();
        System.arraycopy(batch.rows(), 0, counts, 4, batch.rows().length);
        return scope.longs(counts);
    }

    private PtNDArray numbers(double dropout) {
        var config = learning.config();
        var numbers = new double[] {config.rmsEpsilon(), config.rope().attentionScale(), learning.scale(), dropout};
        return scope.manager().create(DoubleBuffer.wrap(numbers), new Shape(4), DataType.FLOAT64);
    }

    private void plan(int layers, int atOnce) {
        left.add(this::open);
        for (int l = 0; l < layers; l++) {
            int layer = l;
            left.add(() -> through(layer));
        }
        int positions = chosen.length + kl.length;
        for (int p = 0; p < positions; p += atOnce) {
            int from = p;
            left.add(() -> judge(from, Math.min(positions, from + atOnce)));
        }
        if (gradients) {
            for (int l = layers - 1; l >= learning.firstTrained(); l--) {
                int layer = l;
                left.add(() -> back(layer));
            }
        }
    }

    @Override
    public boolean unfinished() {
        return !left.isEmpty();
    }

    @Override
    public void advance() {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(gradients);
        try {
            left.remove().run();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    /** What has been found; the whole of it once nothing is left. */
    public Learning.Outcome outcome() {
        return new Learning.Outcome(loss, chosen, kl);
    }

    private void open() {
        var arguments = new NDList(scope.longs(batch.ids()), scope.longs(batch.positions()));
        learning.ends(arguments);
        arguments.addAll(new NDList(learning.inverse(), numbers));
        try (var now = learning.memory().open()) {
            var outputs = run(now, "open", arguments);
            inputs[0] = Scope.move((PtNDArray) outputs.get(0), scope);
            cos = Scope.move((PtNDArray) outputs.get(1), scope);
            sin = Scope.move((PtNDArray) outputs.get(2), scope);
        }
    }

    private void through(int layer) {
        boolean remembered = gradients && layer >= learning.firstTrained();
        JniUtils.setGradMode(remembered);
        var x = inputs[layer];
        var arguments = new NDList(x);
        learning.layer(layer, arguments);
        arguments.addAll(new NDList(counts, numbers, cos, sin));
        try (var now = learning.memory().open()) {
            var y = Scope.move((PtNDArray) run(now, "through", arguments).get(0), scope);
            if (remembered) {
                outputs[layer] = y;
                inputs[layer + 1] = Scope.move(JniUtils.detachGradient(y), scope);
                inputs[layer + 1].setRequiresGradient(true);
            } else {
                inputs[layer + 1] = y;
                x.close();
            }
        }
    }

    /** The loss at the positions {@code from} to {@code to}, those of cross-entropy before those of KL. */
    private void judge(int from, int to) {
        int ce = chosen.length;
        int ceFrom = Math.min(from, ce);
        int ceTo = Math.min(to, ce);
        int klFrom = Math.max(from, ce) - ce;
        int klTo = Math.max(to, ce) - ce;
        try (var now = learning.memory().open()) {
            var arguments = new NDList(inputs[inputs.length - 1]);
            learning.ends(arguments);
            arguments.add(numbers);
            arguments.add(now.longs(Arrays.copyOfRange(batch.ceAt(), ceFrom, ceTo)));
            arguments.add(now.longs(Arrays.copyOfRange(batch.targets(), ceFrom, ceTo)));
            arguments.add(now.floats(Arrays.copyOfRange(batch.ceWeight(), ceFrom, ceTo), ceTo - ceFrom));
            arguments.add(now.longs(Arrays.copyOfRange(batch.klAt(), klFrom, klTo)));
            int k = batch.k();
            arguments.add(now.longs(Arrays.copyOfRange(batch.topIds(), klFrom * k, klTo * k), klTo - klFrom, k));
            arguments.add(now.floats(Arrays.copyOfRange(batch.topLogprobs(), klFrom * k, klTo * k), klTo - klFrom, k));
            arguments.add(now.floats(Arrays.copyOfRange(batch.klWeight(), klFrom, klTo), klTo - klFrom));
            var judged = run(now, "judge", arguments);
            var part = (PtNDArray) judged.get(0);
            loss += part.toFloatArray()[0];
            System.arraycopy(judged.get(1).toFloatArray(), 0, chosen, ceFrom, ceTo - ceFrom);
            System.arraycopy(judged.get(2).toFloatArray(), 0, kl, klFrom, klTo - klFrom);
            if (gradients) {
                JniUtils.backward(part, now.floats(new float[] {1}, 1).reshape(new Shape()), false, false);
            }
        }
    }

    private void back(int layer) {
        try (var now = learning.memory().open()) {
            var above = inputs[layer + 1];
            var gradient = Scope.move(JniUtils.getGradient(above), now);
            JniUtils.backward(outputs[layer], gradient, false, false);
            outputs[layer].close();
            above.close();
        }
    }

    private NDList run(Scope now, String method, NDList arguments) {
        var named = now.longs(0L);
        named.setName("module_method:" + method);
        arguments.add(named);
        var outputs = IValueUtils.forward(learning.program(), arguments, true);
        for (NDArray output : outputs) {
            output.attach(now.manager());
        }
        return outputs;
    }

    @Override
    public void close() {
        left.clear();
        scope.close();
    }
}
