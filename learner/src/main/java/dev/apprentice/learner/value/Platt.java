package dev.apprentice.learner.value;

import dev.apprentice.learner.loss.Logistic;

/**
 * Log-odds to probability: {@code sigmoid(slope * logit + offset)} (Platt 1999), fitted on log-odds that no net of its
 * own had learnt. With a slope of one over the temperature and no offset it is temperature scaling (Guo et al. 2017).
 *
 * @param slope above 0, so that no order is turned round
 * @param offset added
 */
record Platt(double slope, double offset) {
    /** As it is. */
    static final Platt PLAIN = new Platt(1, 0);

    private static final int STEPS = 50;
    private static final double SLOPE_LEAST = 0.05;
    private static final double SLOPE_MOST = 5;

    /** Pull towards {@link #PLAIN}, as strong as this many outcomes of log-odds 1. */
    private static final double PRIOR = 2;

    double probability(double logit) {
        return Logistic.of(slope * logit + offset);
    }

    /** By Newton's method on the cross entropy to soft rewards, with a weak pull to what is plain. */
    static Platt fit(double[] logits, double[] rewards, double[] weights) {
        double slope = 1;
        double offset = 0;
        for (int step = 0; step < STEPS; step++) {
            double gs = PRIOR * (slope - 1);
            double go = PRIOR * offset;
            double ss = PRIOR;
            double so = 0;
            double oo = PRIOR;
            for (int i = 0; i < logits.length; i++) {
                double p = Logistic.of(slope * logits[i] + offset);
                double error = weights[i] * (p - rewards[i]);
                double curve = weights[i] * p * (1 - p);
                gs += error * logits[i];
                go += error;
                ss += curve * logits[i] * logits[i];
                so += curve * logits[i];
                oo += curve;
            }
            double determinant = ss * oo - so * so;
            double ds = (oo * gs - so * go) / determinant;
            double dn = (ss * go - so * gs) / determinant;
            slope = Math.clamp(slope - Math.clamp(ds, -1, 1), SLOPE_LEAST, SLOPE_MOST);
            offset -= Math.clamp(dn, -2, 2);
            if (Math.abs(ds) + Math.abs(dn) < 1e-9) {
                break;
            }
        }
        return new Platt(slope, offset);
    }
}
