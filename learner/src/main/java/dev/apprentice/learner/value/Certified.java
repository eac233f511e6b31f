package dev.apprentice.learner.value;

import dev.apprentice.learner.exam.Evidence;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A threshold whose risk is shown: of the answers that were judged at least so sure, not more than {@code risk} were
 * wrong, with probability {@code 1 - doubt} over the draw of the graded answers, as long as what comes is like them.
 *
 * <p>Thresholds are tried from strict to lax, each against the exact binomial bound (Clopper and Pearson 1934), and the
 * first failure ends the search: so all tests together fail no more often than one (fixed sequence testing;
 * Angelopoulos et al. 2021, "Learn then Test", section 4). The sequence is fixed by the judgements alone: the
 * {@code certifyFrom} surest, then a tenth more each time. Partial rewards count as their missing part of an error,
 * which keeps the bound (Hoeffding 1963: of all distributions of a mean in [0, 1] the binomial has the heaviest tail at
 * whole counts; the sum of errors is rounded up).
 *
 * @param threshold answers judged at least so are accepted
 * @param accepted how many graded ones were
 * @param wrong how many of them were wrong, rounded up
 * @param bound upper bound of the share of wrong ones
 */
public record Certified(double threshold, int accepted, int wrong, double bound) {

    private static final double MORE = 1.1;

    /** The laxest certified threshold on judgements of answers left out, or null where even the strictest fails. */
    static @Nullable Certified of(double[] judged, double[] rewards, ValuePlan plan) {
        int count = judged.length;
        var order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -judged[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        Certified best = null;
        int wanted = plan.certifyFrom();
        while (wanted <= count) {
            int accepted = wanted;
            double threshold = judged[order[accepted - 1]];
            while (accepted < count && judged[order[accepted]] == threshold) {
                accepted++; // who is judged alike is accepted alike
            }
            double errors = 0;
            for (int k = 0; k < accepted; k++) {
                errors += 1 - rewards[order[k]];
            }
            int wrong = (int) Math.ceil(errors - 1e-9);
            double bound = bound(accepted, wrong, plan.doubt());
            if (bound > plan.risk()) {
                break;
            }
            best = new Certified(threshold, accepted, wrong, bound);
            if (accepted == count) {
                break;
            }
            wanted = Math.min(count, Math.max(accepted + 1, (int) (accepted * MORE)));
        }
        return best;
    }

    /** Upper limit of an error rate of which {@code wrong} of {@code count} were seen, at confidence 1 - doubt. */
    static double bound(int count, int wrong, double doubt) {
        if (wrong >= count) {
            return 1;
        }
        double low = (double) wrong / count;
        double high = 1;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (Evidence.atMost(wrong, count, middle) > doubt) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }
}
