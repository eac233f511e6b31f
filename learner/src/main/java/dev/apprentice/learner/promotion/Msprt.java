package dev.apprentice.learner.promotion;

import java.util.List;

/**
 * Whether two streams of rewards differ, asked as often as one likes: the mixture sequential probability ratio test of
 * Robbins (1970) in the form of Johari, Koomen, Pekelis and Walsh, "Peeking at A/B Tests" (KDD 2017), section 4
 * (docs/learning.md). With n differences of mean d and variance V each, and effects of either sign expected around tau,
 *
 * <pre>{@code L = sqrt(V / (V + n tau^2)) * exp(n^2 tau^2 d^2 / (2 V (V + n tau^2))).}</pre>
 *
 * Under no difference L ever reaches 1/alpha with a probability of about alpha at most. The bounds are those means that
 * the same test does not refute. V is not known: it is the sample's, drawn towards that of two tossed coins by as much
 * as {@value #COINS} differences weigh, so that the first few, which may all be equal, do not look certain.
 *
 * @param pairs how many differences, n
 * @param difference their mean, d
 * @param variance of one of them, V
 * @param tau the size of an effect that matters
 */
record Msprt(int pairs, double difference, double variance, double tau) {
    private static final int COINS = 10;
    private static final double COINS_VARIANCE = 0.5;

    /** Of the k-th of {@code tried} with the k-th of {@code others} each, as far as both go. */
    static Msprt of(List<Double> tried, List<Double> others, double tau) {
        int n = Math.min(tried.size(), others.size());
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += tried.get(i) - others.get(i);
        }
        double mean = n == 0 ? 0 : sum / n;
        double squares = COINS * COINS_VARIANCE;
        for (int i = 0; i < n; i++) {
            squares += Math.pow(tried.get(i) - others.get(i) - mean, 2);
        }
        return new Msprt(n, mean, squares / (n + COINS), tau);
    }

    /** The likelihood ratio L of a difference against none. */
    double likelihood() {
        double spread = variance + pairs * tau * tau;
        double exponent = Math.pow(pairs * tau * difference, 2) / (2 * variance * spread);
        return Math.sqrt(variance / spread) * Math.exp(exponent);
    }

    /** The lowest difference that the test at {@code alpha} does not refute. */
    double low(double alpha) {
        return difference - reach(alpha);
    }

    /** The highest difference that the test at {@code alpha} does not refute. */
    double high(double alpha) {
        return difference + reach(alpha);
    }

    private double reach(double alpha) {
        if (pairs == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double spread = variance + pairs * tau * tau;
        double logs = 2 * Math.log(1 / alpha) + Math.log(spread / variance);
        return Math.sqrt(variance * spread * logs) / (pairs * tau);
    }
}
