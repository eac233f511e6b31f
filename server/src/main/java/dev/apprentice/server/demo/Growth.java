package dev.apprentice.server.demo;

import java.util.List;

/**
 * What one demonstration measured.
 *
 * @param job its name
 * @param before share of unseen tasks right before anything was taught
 * @param asked for each taught task in turn, whether it was answered right before it was corrected
 * @param recall share of unseen tasks right by recall alone, before any study
 * @param weights share right by learnt weights alone
 * @param both share right as served
 * @param general how many general questions were asked before and after
 * @param unchanged how many of them got the same answer after
 * @param taughtMillis how long the teaching took, asking included
 * @param studiedMillis how long it took from the last correction until learnt weights were live
 */
public record Growth(
        String job,
        double before,
        List<Boolean> asked,
        double recall,
        double weights,
        double both,
        int general,
        int unchanged,
        long taughtMillis,
        long studiedMillis) {
    /** Keeps an unmodifiable copy of {@code asked}. */
    public Growth {
        asked = List.copyOf(asked);
    }
}
