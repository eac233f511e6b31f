package dev.apprentice.learner.value;

/**
 * Whose merit it was, where a reward comes at the end of several turns: differences of values (Sutton and Barto 2018,
 * sections 6.1 and 12.1; generalised advantage: Schulman et al. 2016, equation 16). Pure functions.
 *
 * <p>A head judges answers, so it gives the value of the task <em>after</em> each turn. What a turn did is the value
 * after it less the value {@linkplain #before before} it, which is the one after the turn before.
 */
final class Credit {
    private Credit() {}

    /** The values before the turns, of those {@code after} them and what is {@code usual} at the beginning. */
    static double[] before(double[] after, double usual) {
        var before = new double[after.length];
        for (int k = 0; k < before.length; k++) {
            before[k] = k == 0 ? usual : after[k - 1];
        }
        return before;
    }

    /**
     * What each turn gained, by the values before the turns: the next turn's value less its own, the last's reward less
     * its value.
     */
    static double[] gains(double[] values, double reward) {
        var gains = new double[values.length];
        for (int k = 0; k < gains.length; k++) {
            gains[k] = (k + 1 < values.length ? values[k + 1] : reward) - values[k];
        }
        return gains;
    }

    /** Each turn's own gain and what followed from it: {@code A_k = sum_j (gamma lambda)^j gain_(k+j)}. */
    static double[] advantages(double[] values, double reward, double trace) {
        var advantages = gains(values, reward);
        for (int k = advantages.length - 2; k >= 0; k--) {
            advantages[k] += trace * advantages[k + 1];
        }
        return advantages;
    }

    /**
     * What the value after each turn should have been: {@code G_k = (1 - lambda) V(s_(k+1)) + lambda G_(k+1)}, the
     * reward at the end. With lambda 1 every turn gets the reward (Monte Carlo).
     */
    static double[] targets(double[] values, double reward, double lambda) {
        var targets = new double[values.length];
        double after = reward;
        for (int k = values.length - 1; k >= 0; k--) {
            targets[k] = k == values.length - 1 ? reward : (1 - lambda) * values[k + 1] + lambda * after;
            after = targets[k];
        }
        return targets;
    }
}
