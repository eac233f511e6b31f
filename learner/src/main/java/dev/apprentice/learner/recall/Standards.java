package dev.apprentice.learner.recall;

/**
 * What hidden states of general prompts look like on this base: their mean and spread, number by number. A few numbers
 * of a decoder's states are a hundred times larger than all others and would be all that a cosine sees.
 */
final class Standards {
    private final double[][] mean;
    private final double[][] spread;

    /**
     * Measures.
     *
     * @param states [probes, layers, hidden]
     */
    Standards(float[][][] states) {
        int layers = states[0].length;
        int hidden = states[0][0].length;
        mean = new double[layers][hidden];
        spread = new double[layers][hidden];
        for (int l = 0; l < layers; l++) {
            for (int h = 0; h < hidden; h++) {
                double sum = 0;
                double squares = 0;
                for (var state : states) {
                    sum += state[l][h];
                    squares += (double) state[l][h] * state[l][h];
                }
                mean[l][h] = sum / states.length;
                double variance = squares / states.length - mean[l][h] * mean[l][h];
                spread[l][h] = Math.sqrt(Math.max(variance, 1e-12));
            }
        }
    }

    /** A state in units of the general spread around the general mean, [layers, hidden]. */
    float[][] of(float[][] state) {
        var standard = new float[state.length][];
        for (int l = 0; l < state.length; l++) {
            standard[l] = new float[state[l].length];
            for (int h = 0; h < state[l].length; h++) {
                standard[l][h] = (float) ((state[l][h] - mean[l][h]) / spread[l][h]);
            }
        }
        return standard;
    }
}
