package dev.apprentice.learner.exam;

/**
 * How strongly paired results speak for the candidate, at any number of looks: the E-value of w wins and l losses among
 * the lessons on which candidate and live differ, {@code 2 * integral from 1/2 to 1 of (2p)^w (2(1-p))^l dp}
 * (LEARNING.md, section 6). 20 and more happens to a candidate that is no better in at most one of 20.
 */
final class Evidence {
    private static final int PARTS = 2_000;

    private Evidence() {}

    static double of(int wins, int losses) {
        double width = 0.5 / PARTS;
        double sum = 0;
        for (int i = 0; i <= PARTS; i++) {
            double p = 0.5 + i * width;
            double value = Math.exp(wins * Math.log(2 * p) + (losses == 0 ? 0 : losses * Math.log(2 * (1 - p))));
            sum += value * (i == 0 || i == PARTS ? 1 : i % 2 == 1 ? 4 : 2); // Simpson
        }
        return 2 * sum * width / 3;
    }
}
