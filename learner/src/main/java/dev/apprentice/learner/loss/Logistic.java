package dev.apprentice.learner.loss;

/** The logistic function, also far out. */
public final class Logistic {
    private Logistic() {}

    /** The probability whose log-odds are {@code x}. */
    public static double of(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    /** The logarithm of {@link #of}. */
    public static double log(double x) {
        return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
    }
}
