package dev.apprentice.learner.recall;

/**
 * What tells a familiar request from another.
 *
 * @param nearest cosine of the hidden states with those of the most similar lesson
 * @param middle the same with the lessons' mean
 * @param overProbes how much nearer it is to a lesson than to any general prompt
 * @param coverage the largest share of one lesson's words, by weight, that stand in it
 * @param rarest weight of the rarest word that it shares with a lesson
 * @param stranger whether the most similar lesson is about a subject, and no lesson's subject is named
 *     ({@link Subjects})
 */
record Features(double nearest, double middle, double overProbes, double coverage, double rarest, boolean stranger) {
    /** What a logistic is fitted on. */
    double[] values() {
        return new double[] {nearest, middle, overProbes, coverage, rarest};
    }
}
