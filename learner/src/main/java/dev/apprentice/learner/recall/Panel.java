package dev.apprentice.learner.recall;

import java.util.List;

/**
 * Some states that requests are compared with again and again, laid out number by number: one number of a request meets
 * those of all states at once, which the machine does many at a time, and a state's own numbers lie apart. Sums are
 * kept as floats: a cosine is right to five decimals. Immutable.
 */
final class Panel {
    private final int count;
    private final float[][][] columns;
    private final double[][] lengths;

    /** Of {@code states}, each [layers, hidden], all of one shape; may be empty. */
    Panel(List<float[][]> states) {
        count = states.size();
        int layers = count == 0 ? 0 : states.getFirst().length;
        columns = new float[layers][][];
        lengths = new double[layers][count];
        for (int l = 0; l < layers; l++) {
            int hidden = states.getFirst()[l].length;
            columns[l] = new float[hidden][count];
            for (int i = 0; i < count; i++) {
                var state = states.get(i)[l];
                lengths[l][i] = Math.sqrt(Vectors.dot(state, state));
                for (int h = 0; h < hidden; h++) {
                    columns[l][h][i] = state[h];
                }
            }
        }
    }

    /** For each state the {@linkplain Question#cosine mean cosine} over the layers of it and {@code other}. */
    double[] cosines(float[][] other, double[] otherLengths) {
        var cosines = new double[count];
        for (int l = 0; l < columns.length; l++) {
            var dots = dots(columns[l], other[l], count);
            for (int i = 0; i < count; i++) {
                cosines[i] += Centre.ratio(dots[i], lengths[l][i] * otherLengths[l]) / columns.length;
            }
        }
        return cosines;
    }

    /** The dot product of each of the first {@code count} states with {@code other}, by layers: [layers, count]. */
    float[][] dots(float[][] other, int count) {
        var dots = new float[columns.length][];
        for (int l = 0; l < dots.length; l++) {
            dots[l] = dots(columns[l], other[l], count);
        }
        return dots;
    }

    /** What a panel of {@code states} would give, to the last digit, where laying it out would not pay. */
    static float[][] dots(List<float[][]> states, float[][] other) {
        var dots = new float[other.length][states.size()];
        for (int i = 0; i < states.size(); i++) {
            for (int l = 0; l < other.length; l++) {
                dots[l][i] = dot(states.get(i)[l], other[l]);
            }
        }
        return dots;
    }

    private static float dot(float[] a, float[] b) {
        float dot = 0;
        int whole = b.length & -4;
        for (int h = 0; h < whole; h += 4) {
            dot += b[h] * a[h] + b[h + 1] * a[h + 1] + (b[h + 2] * a[h + 2] + b[h + 3] * a[h + 3]);
        }
        for (int h = whole; h < b.length; h++) {
            dot += b[h] * a[h];
        }
        return dot;
    }

    /** Four columns at a time, so that each sum is fetched and put back a quarter as often. */
    private static float[] dots(float[][] columns, float[] other, int count) {
        var dots = new float[count];
        int whole = other.length & -4;
        for (int h = 0; h < whole; h += 4) {
            add(dots, columns[h], columns[h + 1], columns[h + 2], columns[h + 3], other, h);
        }
        for (int h = whole; h < other.length; h++) {
            add(dots, columns[h], other[h]);
        }
        return dots;
    }

    private static void add(float[] dots, float[] a, float[] b, float[] c, float[] d, float[] other, int h) {
        float x = other[h]; // fetched here, as the loop may not assume that the sums are not it
        float y = other[h + 1];
        float z = other[h + 2];
        float w = other[h + 3];
        for (int i = 0; i < dots.length; i++) {
            dots[i] += x * a[i] + y * b[i] + (z * c[i] + w * d[i]);
        }
    }

    private static void add(float[] dots, float[] a, float x) {
        for (int i = 0; i < dots.length; i++) {
            dots[i] += x * a[i];
        }
    }
}
