package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.Arrays;

/**
 * What a step gives of its wanted tokens.
 *
 * @param logits [wanted, vocabulary], in the order of rows and of their tokens
 * @param states [watched, wanted, hidden]: after each watched layer, the last layer's after the final norm
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record Seen(float[][] logits, float[][][] states) {

    /** Of what the program gives: logits, then states, of {@code wanted} tokens. */
    static Seen of(PtNDArray[] made, int wanted) {
        if (wanted == 0) {
            return new Seen(new float[0][], new float[0][][]);
        }
        var states = new float[made.length - 1][][];
        for (int i = 0; i < states.length; i++) {
            states[i] = rows(made[i + 1], wanted);
        }
        return new Seen(rows(made[0], wanted), states);
    }

    static float[][] rows(PtNDArray matrix, int count) {
        var flat = matrix.toFloatArray();
        int width = flat.length / count;
        var rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }
}
