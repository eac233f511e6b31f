package dev.apprentice.learner.exam;

/**
 * How strongly paired results speak for the candidate, valid at any number of looks: an E-value by betting.
 *
 * <p>Of the lessons on which candidate and live differ, w are right by the candidate alone and l by live alone. If the
 * candidate is no better, each is a win with a probability q of at most 1/2, whatever the others were. Whoever starts
 * with 1 and bets on a win at each of them as if its probability were p multiplies his money by 2p or by 2(1-p); for p
 * of at least 1/2 that is a supermartingale under every such q, and so is the mean over all such p,
 *
 * <pre>{@code E(w, l) = 2 * integral from 1/2 to 1 of (2p)^w (2(1-p))^l dp.}</pre>
 *
 * By Ville's inequality it ever reaches c with a probability of at most 1/c, so 20 is reached by luck by one candidate
 * of 20 at most, no matter how often one looks. The bet is Ville's (1939), the mixture Robbins's (Annals of
 * Mathematical Statistics 41, 1970, "Statistical methods related to the law of the iterated logarithm"); as a test of a
 * mean, Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting" (JRSS B 86, 2024, sections 3
 * and 4). docs/learning.md has its figures. Each further candidate on the same lessons is another gambler: that is why
 * {@link ExamPlan#evidence(int)} rises with each look.
 */
public final class Evidence {
    private static final int PARTS = 2_000;

    /** Kept where JSON can say it. */
    private static final double MOST = 1e300;

    private Evidence() {}

    /** The E-value of {@code wins} against {@code losses}, from 0 to 1e300. */
    public static double of(int wins, int losses) {
        double width = 0.5 / PARTS;
        double highest = log(peak(wins, losses), wins, losses);
        double sum = 0;
        for (int i = 0; i <= PARTS; i++) {
            double value = Math.exp(log(0.5 + i * width, wins, losses) - highest); // so that nothing overflows
            sum += value * (i == 0 || i == PARTS ? 1 : i % 2 == 1 ? 4 : 2); // Simpson
        }
        return Math.min(MOST, Math.exp(highest + Math.log(2 * sum * width / 3)));
    }

    /** Probability of at most {@code successes} of {@code count} where each has probability {@code p}, below 1. */
    public static double atMost(int successes, int count, double p) {
        double log = count * Math.log1p(-p);
        double sum = Math.exp(log);
        for (int k = 1; k <= successes; k++) {
            log += Math.log((count - k + 1.0) / k) + Math.log(p) - Math.log1p(-p);
            sum += Math.exp(log);
        }
        return sum;
    }

    private static double peak(int wins, int losses) {
        return wins + losses == 0 ? 0.5 : Math.max(0.5, wins / (double) (wins + losses));
    }

    private static double log(double p, int wins, int losses) {
        return wins * Math.log(2 * p) + (losses == 0 ? 0 : losses * Math.log(2 * (1 - p)));
    }
}
