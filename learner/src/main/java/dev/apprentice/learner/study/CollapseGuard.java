package dev.apprentice.learner.study;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Ends a study that is going wrong before it costs more time (docs/learning.md). */
final class CollapseGuard {
    /** Times the median gradient that a step may have. */
    private static final double SURGE = 10;

    /** A gradient below this many clipping norms is no surge: near a loss of zero the median says nothing. */
    private static final double SURGE_FLOOR = 10;

    /** Steps before the median means something. */
    private static final int STEPS_MIN = 10;

    /**
     * Distance to the base, in nats per token, from which an adapter says something else altogether. Single prompts
     * pass it in the first steps, before the anchor has brought them back; it is the mean of many steps that must not.
     */
    private static final double NATS_MAX = 3;

    private static final int NATS_STEPS = 20;

    private final List<Double> norms = new ArrayList<>();
    private final ArrayDeque<Double> distances = new ArrayDeque<>();

    /** Looks at a step's gradient, before clipping. */
    void norm(double norm) {
        if (norms.size() >= STEPS_MIN) {
            var sorted = norms.stream().sorted().toList();
            double median = sorted.get(sorted.size() / 2);
            if (norm > SURGE * median && norm > SURGE_FLOOR) {
                throw collapsed("gradient", "at most " + SURGE * median, norm);
            }
        }
        norms.add(norm);
    }

    /** Looks at a step's distances to the base. */
    void nats(List<Double> nats) {
        nats.stream().mapToDouble(Double::doubleValue).average().ifPresent(distances::addLast);
        if (distances.size() > NATS_STEPS) {
            distances.removeFirst();
            double mean = distances.stream().mapToDouble(Double::doubleValue).sum() / NATS_STEPS;
            if (mean > NATS_MAX) {
                throw collapsed("distance to the base", "at most " + NATS_MAX + " nats a token", mean);
            }
        }
    }

    private static FailedException collapsed(String what, String expected, double found) {
        return new FailedException(
                "study_collapsed",
                "the study's " + what + " must be " + expected + ", found " + found,
                Fault.of(what, expected, Double.toString(found)));
    }
}
