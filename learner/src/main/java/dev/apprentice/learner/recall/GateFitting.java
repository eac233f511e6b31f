package dev.apprentice.learner.recall;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Fits a {@link Gate} to what it should let through and what it should keep out. */
final class GateFitting {
    /** Share of general prompts that should stay out (docs/learning.md). */
    private static final double CLOSED_MIN = 0.95;

    /** Of the way from the general prompts' nearest to a lesson itself, how much must be gone to be familiar. */
    private static final double EARLY_WAY = 1.0 / 3;

    /** The same of the words: from the most that any general prompt shares to all of a lesson's. */
    private static final double EARLY_WORDS_WAY = 1.0 / 2;

    /** Weight decay of the logistic on standardised features: keeps separable data from infinite weights. */
    private static final double DECAY = 0.01;

    private static final int ROUNDS = 500;
    private static final double RATE = 0.5;

    private GateFitting() {}

    /**
     * With few lessons: thresholds on {@link Features#nearest} and on {@link Features#coverage}, from the general
     * prompts alone; either opens. A short request with a word misspelt or left out is far from itself by its states.
     */
    static Gate early(List<Features> closed) {
        var nearest = closed.stream().mapToDouble(Features::nearest).sorted().toArray();
        double far = nearest.length == 0 ? 0 : quantile(nearest, 0.98);
        double shared = closed.stream().mapToDouble(Features::coverage).max().orElse(0);
        var gate = new Gate(
                List.of(1.0, 0.0, 0.0, 0.0, 0.0),
                0,
                far + (1 - far) * EARLY_WAY,
                shared + (1 - shared) * EARLY_WORDS_WAY,
                false,
                1,
                0);
        return gate.seen(1, share(closed, gate, false));
    }

    /**
     * A logistic; both kinds weigh the same in all. The threshold lies in the middle between the two kinds where they
     * can be told apart, else where {@code openMin} of the own requests get through.
     */
    static Gate fit(List<Features> open, List<Features> closed, double openMin) {
        int width = open.getFirst().values().length;
        var all = Stream.concat(open.stream(), closed.stream())
                .map(Features::values)
                .toArray(double[][]::new);
        var mean = new double[width];
        var spread = new double[width];
        for (int k = 0; k < width; k++) {
            int feature = k;
            var column = Arrays.stream(all).mapToDouble(row -> row[feature]).toArray();
            mean[k] = Arrays.stream(column).average().orElse(0);
            double centre = mean[k];
            double variance = Arrays.stream(column)
                    .map(x -> (x - centre) * (x - centre))
                    .average()
                    .orElse(0);
            spread[k] = Math.sqrt(variance) + 1e-6;
        }
        var weights = new double[width];
        double bias = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var slope = new double[width];
            double biasSlope = 0;
            for (int i = 0; i < all.length; i++) {
                boolean familiar = i < open.size();
                double score = bias;
                for (int k = 0; k < width; k++) {
                    score += weights[k] * (all[i][k] - mean[k]) / spread[k];
                }
                double error = (1 / (1 + Math.exp(-score)) - (familiar ? 1 : 0))
                        * 0.5
                        / (familiar ? open.size() : closed.size());
                biasSlope += error;
                for (int k = 0; k < width; k++) {
                    slope[k] += error * (all[i][k] - mean[k]) / spread[k];
                }
            }
            bias -= RATE * biasSlope;
            for (int k = 0; k < width; k++) {
                weights[k] -= RATE * (slope[k] + DECAY * weights[k]);
            }
        }
        for (int k = 0; k < width; k++) {
            weights[k] /= spread[k];
            bias -= weights[k] * mean[k];
        }
        var gate = new Gate(Arrays.stream(weights).boxed().toList(), bias, 0, null, false, 0, 0);
        var set = gate.at(threshold(scores(open, gate), scores(closed, gate), openMin));
        return set.seen(share(open, set, true), share(closed, set, false));
    }

    /**
     * Both sorted. The middle between the kinds, all general prompts out if that can be, else nearly all, else as few.
     */
    static double threshold(double[] open, double[] closed, double openMin) {
        double lowest = quantile(open, 1 - openMin);
        double highest = closed[closed.length - 1];
        double high = quantile(closed, CLOSED_MIN);
        return lowest > highest ? (lowest + highest) / 2 : lowest > high ? (lowest + high) / 2 : lowest;
    }

    /** The share of {@code features} for which {@code gate} is open, or closed. */
    static double share(List<Features> features, Gate gate, boolean open) {
        return features.isEmpty()
                ? 1
                : features.stream().filter(f -> gate.opens(f) == open).count() / (double) features.size();
    }

    private static double[] scores(List<Features> features, Gate gate) {
        return features.stream().mapToDouble(gate::score).sorted().toArray();
    }

    /** The value below which {@code share} of the sorted values lie, rounded down to one of them. */
    static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.clamp(Math.floor(share * sorted.length), 0, sorted.length - 1)];
    }

    /** Positions of at most {@code most} of {@code count} things, evenly spread. */
    static IntStream spread(int count, int most) {
        int taken = Math.min(count, most);
        return IntStream.range(0, taken).map(i -> (int) ((long) i * count / taken));
    }
}
