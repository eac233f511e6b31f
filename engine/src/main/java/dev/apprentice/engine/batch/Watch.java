package dev.apprentice.engine.batch;

import org.jspecify.annotations.Nullable;

/** Gathers a {@link Trace}, state by state, in the room of three. Belongs to the engine thread. */
final class Watch {
    private float @Nullable [][] first;
    private float @Nullable [][] last;
    private double @Nullable [][] sums;
    private int states;

    /** One more state: what was seen after each watched layer, [layers, hidden]. */
    void see(float[][] state) {
        states++;
        last = state;
        var sums = this.sums;
        if (sums == null) {
            first = state;
            this.sums = new double[state.length][state.length == 0 ? 0 : state[0].length];
            return;
        }
        for (int l = 0; l < state.length; l++) {
            for (int c = 0; c < state[l].length; c++) {
                sums[l][c] += state[l][c];
            }
        }
    }

    /** What was seen, or null where nothing was. */
    @Nullable
    Trace trace(double endLogprob) {
        if (first == null || last == null || sums == null) {
            return null;
        }
        var mean = new float[first.length][];
        for (int l = 0; l < mean.length; l++) {
            mean[l] = first[l].clone();
            for (int c = 0; states > 1 && c < mean[l].length; c++) {
                mean[l][c] = (float) (sums[l][c] / (states - 1));
            }
        }
        return new Trace(first, mean, last, states, endLogprob);
    }
}
