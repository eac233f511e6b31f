package dev.apprentice.learner.value;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How good probabilities were, against what became of the answers.
 *
 * @param outcomes how many
 * @param brier mean squared distance to the reward (Brier 1950)
 * @param ece expected calibration error over 15 bins of equal mass (Naeini et al. 2015; Nguyen and O'Connor 2015)
 * @param auroc probability that a good answer has more than a bad one, ties a half; one half where all are alike
 * @param aurc mean share of bad answers among the surest, over all shares (Geifman and El-Yaniv 2017)
 * @param table the bins, least sure first
 */
public record Quality(int outcomes, double brier, double ece, double auroc, double aurc, List<Bin> table) {
    /** Of nothing. */
    public static final Quality NONE = new Quality(0, 0, 0, 0.5, 0, List.of());

    private static final int BINS = 15;

    /** Answers with this reward and more were good. */
    private static final double GOOD = 0.5;

    /**
     * Some outcomes of neighbouring probabilities.
     *
     * @param confidence mean probability
     * @param right mean reward
     * @param outcomes how many
     */
    public record Bin(double confidence, double right, int outcomes) {}

    public Quality {
        table = List.copyOf(table);
    }

    /** Of {@code probabilities} whose answers got {@code rewards}. */
    public static Quality of(double[] probabilities, double[] rewards) {
        int count = probabilities.length;
        if (count == 0) {
            return NONE;
        }
        var order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> probabilities[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double brier = 0;
        for (int i = 0; i < count; i++) {
            brier += (probabilities[i] - rewards[i]) * (probabilities[i] - rewards[i]);
        }
        var table = table(probabilities, rewards, order);
        double ece = table.stream()
                .mapToDouble(bin -> bin.outcomes() * Math.abs(bin.confidence() - bin.right()))
                .sum();
        return new Quality(
                count, brier / count, ece / count, auroc(probabilities, rewards, order), aurc(rewards, order), table);
    }

    private static List<Bin> table(double[] probabilities, double[] rewards, int[] order) {
        int count = order.length;
        int bins = Math.min(BINS, count);
        var table = new ArrayList<Bin>();
        for (int b = 0; b < bins; b++) {
            int from = (int) ((long) b * count / bins);
            int to = (int) ((b + 1L) * count / bins);
            double confidence = 0;
            double right = 0;
            for (int k = from; k < to; k++) {
                confidence += probabilities[order[k]];
                right += rewards[order[k]];
            }
            table.add(new Bin(confidence / (to - from), right / (to - from), to - from));
        }
        return table;
    }

    /** Mann and Whitney's statistic by mean ranks. */
    private static double auroc(double[] probabilities, double[] rewards, int[] order) {
        double ranks = 0;
        long good = 0;
        for (int from = 0; from < order.length; ) {
            int to = from + 1;
            while (to < order.length && probabilities[order[to]] == probabilities[order[from]]) {
                to++;
            }
            double rank = (from + 1 + to) / 2.0;
            for (int k = from; k < to; k++) {
                if (rewards[order[k]] >= GOOD) {
                    ranks += rank;
                    good++;
                }
            }
            from = to;
        }
        long bad = order.length - good;
        return good == 0 || bad == 0 ? 0.5 : (ranks - good * (good + 1) / 2.0) / ((double) good * bad);
    }

    private static double aurc(double[] rewards, int[] order) {
        double wrong = 0;
        double sum = 0;
        for (int k = order.length - 1; k >= 0; k--) {
            wrong += 1 - rewards[order[k]];
            sum += wrong / (order.length - k);
        }
        return sum / order.length;
    }
}
