package dev.apprentice.learner.recall;

import java.util.List;

/** Arithmetic of states, [layers, hidden]. */
final class Vectors {
    private Vectors() {}

    /** Dot product of two vectors of one length, in four sums, so that no addition waits for the one before it. */
    static double dot(float[] a, float[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int even = a.length & -4;
        for (int i = 0; i < even; i += 4) {
            s0 += (double) a[i] * b[i];
            s1 += (double) a[i + 1] * b[i + 1];
            s2 += (double) a[i + 2] * b[i + 2];
            s3 += (double) a[i + 3] * b[i + 3];
        }
        for (int i = even; i < a.length; i++) {
            s0 += (double) a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }

    /** Length of each layer of a state. */
    static double[] lengths(float[][] state) {
        var lengths = new double[state.length];
        for (int l = 0; l < lengths.length; l++) {
            lengths[l] = Math.sqrt(dot(state[l], state[l]));
        }
        return lengths;
    }

    /** The mean of some states of equal shape, at least one. */
    static float[][] mean(List<float[][]> states) {
        var first = states.getFirst();
        var mean = new float[first.length][first[0].length];
        for (var state : states) {
            for (int l = 0; l < mean.length; l++) {
                for (int h = 0; h < mean[l].length; h++) {
                    mean[l][h] += state[l][h] / states.size();
                }
            }
        }
        return mean;
    }
}
