package dev.apprentice.learner.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rewarded answers that were sampled some time ago: tapered off-policy REINFORCE (TOPR, Roux et al. 2025, equation 8).
 * An answer that did better than expected is learnt like any other; one that did worse is unlearnt only as far as the
 * student would still say it, so that what was unlearnt once is left alone.
 *
 * @param length what every answer's log-probability is divided by, in tokens: its own length would favour long wrong
 *     answers (Dr. GRPO, Liu et al. 2025, section 3.1)
 */
public record Graded(double length) {
    /** How far below the mean reward the expectation lies: at or above it training falls apart (Arnal et al. 2025). */
    private static final double BELOW_MEAN = 0.1;

    /** How many imagined rewards of ½ the mean is shrunk by, so that one reward alone says something. */
    private static final double PRIOR = 2;

    /**
     * The loss of one answer.
     *
     * @param advantage by how much its reward is above what was expected
     * @param now log-probability of the whole answer
     * @param then the same when it was sampled
     */
    public Sloped of(double advantage, double now, double then) {
        double taper = advantage >= 0 ? 1 : Math.min(1, Math.exp(now - then)); // no gradient goes through it
        double slope = -advantage * taper / length;
        return new Sloped(slope * now, slope);
    }

    /**
     * By how much each reward is above what was expected where only rewards of different requests are known: their
     * mean, shrunk towards ½, less a tenth.
     */
    public static List<Double> aboveMean(List<Double> rewards) {
        double sum = rewards.stream().mapToDouble(Double::doubleValue).sum();
        double expected = (sum + PRIOR / 2) / (rewards.size() + PRIOR) - BELOW_MEAN;
        return rewards.stream().map(reward -> reward - expected).toList();
    }

    /**
     * By how much each reward is above the mean of the others for the same request: REINFORCE leave-one-out (RLOO, Kool
     * et al. 2019; Ahmadian et al. 2024, equation 6).
     *
     * @param rewards at least two
     */
    public static List<Double> leaveOneOut(List<Double> rewards) {
        double sum = rewards.stream().mapToDouble(Double::doubleValue).sum();
        var above = new ArrayList<Double>();
        IntStream.range(0, rewards.size())
                .forEach(i -> above.add(rewards.get(i) - (sum - rewards.get(i)) / (rewards.size() - 1)));
        return above;
    }
}
