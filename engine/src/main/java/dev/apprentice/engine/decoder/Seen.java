package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a step gives of its wanted tokens.
 *
 * @param predictions in the order of rows and of their tokens
 * @param states [watched, wanted, hidden]: after each watched layer, the last layer's after the final norm
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record Seen(List<Prediction> predictions, float[][][] states) {
    private static final float[] NOTHING = {};

    /** How many tensors the program gives before the states. */
    private static final int OUTLOOK = 4;

    /** Of what the program gives of {@code wanted} tokens, of which those at {@code whole} come with all logits. */
    static Seen of(PtNDArray[] made, int wanted, long[] whole) {
        if (wanted == 0) {
            return new Seen(List.of(), new float[0][][]);
        }
        var states = new float[made.length - OUTLOOK][][];
        for (int i = 0; i < states.length; i++) {
            states[i] = rows(made[OUTLOOK + i], wanted);
        }
        var logits = new float[wanted][];
        Arrays.fill(logits, NOTHING);
        if (whole.length > 0) {
            var all = rows(made[0], whole.length);
            for (int i = 0; i < all.length; i++) {
                logits[(int) whole[i]] = all[i];
            }
        }
        var norms = made[1].toFloatArray();
        var largest = made[2].toFloatArray();
        var ids = made[3].toLongArray();
        var predictions = new ArrayList<Prediction>();
        for (int i = 0; i < wanted; i++) {
            predictions.add(new Prediction(logits[i], norms[i], (int) ids[i], largest[i]));
        }
        return new Seen(predictions, states);
    }

    static float[][] rows(PtNDArray matrix, int count) {
        var flat = matrix.toFloatArray();
        if (count == 1) {
            return new float[][] {flat};
        }
        int width = flat.length / count;
        var rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }
}
