package dev.apprentice.learner.recall;

import java.util.Random;

/**
 * Hidden states as short vectors for the search of candidates, whatever the base's width: layers of equal length one
 * after the other, their signs changed at random, mixed by a Walsh-Hadamard transform, of which some numbers are kept
 * (the subsampled randomized Hadamard transform; Ailon &amp; Chazelle 2006, Tropp 2011). Angles stay within a few
 * percent; what is found is compared by the whole states afterwards. The choice is fixed by a seed, so two vectors made
 * anywhere can be compared. Safe for use by any thread.
 */
final class Projection {
    /** Numbers that are kept. */
    static final int SIZE = 256;

    private static final int SEED = 20_261_130;

    /** Of numbers that are normally distributed one in 16,000 lies above so many spreads; those are cut. */
    private static final double SPREADS = 4;

    private final int[] signs;
    private final int[] kept;

    /** For states of {@code width} numbers in all. */
    Projection(int width) {
        int mixed = Math.max(SIZE, Integer.highestOneBit(Math.max(1, 2 * width - 1)));
        var random = new Random(SEED);
        signs = random.ints(width, 0, 2).map(bit -> 2 * bit - 1).toArray();
        kept = new int[mixed];
        for (int i = 0; i < mixed; i++) {
            int j = random.nextInt(i + 1);
            kept[i] = kept[j];
            kept[j] = i;
        }
    }

    /** A state, [layers, hidden], as {@link #SIZE} numbers from -127 to 127, all of about one length. */
    byte[] of(float[][] state) {
        var mixed = new float[kept.length];
        int at = 0;
        for (var layer : state) {
            double length = Math.sqrt(Vectors.dot(layer, layer));
            for (float value : layer) {
                mixed[at] = length == 0 ? 0 : (float) (value / length) * signs[at];
                at++;
            }
        }
        transform(mixed);
        double squares = 0;
        for (int i = 0; i < SIZE; i++) {
            squares += (double) mixed[kept[i]] * mixed[kept[i]];
        }
        double scale = squares == 0 ? 0 : Byte.MAX_VALUE / SPREADS * Math.sqrt(SIZE / squares);
        var vector = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            vector[i] = (byte) Math.clamp(Math.round(scale * mixed[kept[i]]), -Byte.MAX_VALUE, Byte.MAX_VALUE);
        }
        return vector;
    }

    private static void transform(float[] x) {
        for (int half = 1; half < x.length; half *= 2) {
            for (int block = 0; block < x.length; block += 2 * half) {
                for (int i = block; i < block + half; i++) {
                    float a = x[i];
                    float b = x[i + half];
                    x[i] = a + b;
                    x[i + half] = a - b;
                }
            }
        }
    }
}
