package dev.apprentice.server.bench.job;

import java.util.ArrayList;
import java.util.List;

/** How right a stream of answers was, each judged before it taught anything. */
final class Course {
    private static final double FADING = 0.99;
    private static final int CURVE = 20;

    private final List<Boolean> right = new ArrayList<>();

    void add(boolean one) {
        right.add(one);
    }

    int size() {
        return right.size();
    }

    /** Share right of all. */
    double share() {
        return share(0, right.size());
    }

    /** Share right of those from {@code from} to before {@code to}. */
    double share(int from, int to) {
        return right.subList(from, to).stream().filter(one -> one).count() / (double) Math.max(1, to - from);
    }

    /** Share right in which older answers weigh less (Gama et al. 2013). */
    double fading() {
        double sum = 0;
        double weight = 0;
        for (boolean one : right) {
            sum = FADING * sum + (one ? 1 : 0);
            weight = FADING * weight + 1;
        }
        return weight == 0 ? 0 : sum / weight;
    }

    /** How many were wrong. */
    double regret() {
        return right.stream().filter(one -> !one).count();
    }

    /**
     * The first place, counted from {@code from}, after which the {@code window} answers up to there are right at least
     * by {@code share}; -1 where there is none before {@code to}.
     */
    int reaches(double share, int window, int from, int to) {
        for (int end = from + window; end <= to; end++) {
            if (share(end - window, end) >= share) {
                return end;
            }
        }
        return -1;
    }

    /** Share right of the last twenty answers, at each answer. */
    List<Double> curve() {
        var curve = new ArrayList<Double>();
        for (int i = 1; i <= right.size(); i++) {
            curve.add(share(Math.max(0, i - CURVE), i));
        }
        return curve;
    }
}
