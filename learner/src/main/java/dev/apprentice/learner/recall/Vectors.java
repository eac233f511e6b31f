package dev.apprentice.learner.recall;

import java.util.List;

/** Arithmetic of states, [layers, hidden]: layers count alike, whatever their length. */
final class Vectors {
    private Vectors() {}

    /** Mean over the layers of the cosines, each state seen from {@code centre}. */
    static double cosine(float[][] a, float[][] b, float[][] centre) {
        double sum = 0;
        for (int l = 0; l < a.length; l++) {
            double dot = 0;
            double aa = 0;
            double bb = 0;
            for (int h = 0; h < a[l].length; h++) {
                double x = a[l][h] - centre[l][h];
                double y = b[l][h] - centre[l][h];
                dot += x * y;
                aa += x * x;
                bb += y * y;
            }
            sum += aa == 0 || bb == 0 ? 0 : dot / Math.sqrt(aa * bb);
        }
        return sum / a.length;
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

    /** The origin of standardised states: where general prompts lie. */
    static float[][] origin(float[][] like) {
        return new float[like.length][like[0].length];
    }
}
