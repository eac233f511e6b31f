package dev.apprentice.learner.study;

import java.util.ArrayDeque;
import java.util.function.IntUnaryOperator;

/**
 * How long a study goes on. First at a constant rate, until the lessons surprise it no more; that takes some seeds
 * twice as long as others, and a fixed length would be too short for the ones or a waste for the others. Then a few
 * passes in which the rate falls, because accuracy on other wordings keeps rising long after the training loss is near
 * zero (docs/learning.md). Lengths follow the number of lessons, which may grow in the first part.
 */
final class Pace {
    /** Fewest steps over which the mean surprise is taken; a pass if that is longer. */
    private static final int WINDOW = 4;

    /** Where the rate falls from when a study goes on: a rate that rises again makes it forget (docs/learning.md). */
    private static final double AGAIN_FROM = 0.5;

    /**
     * Where a study is.
     *
     * @param step counted from 0
     * @param left share of the falling part that is left: 1 before it begins, half of that where it goes on once more
     */
    record Stage(int step, double left) {}

    private final StudyPlan plan;
    private final IntUnaryOperator steps;
    private int step;
    private int fallsAt = -1;
    private int again;
    private final ArrayDeque<Double> surprises = new ArrayDeque<>();

    /** @param steps how many steps so many passes take, as things are then */
    Pace(StudyPlan plan, IntUnaryOperator steps) {
        this.plan = plan;
        this.steps = steps;
    }

    boolean done() {
        return falling() && step >= fallsAt + last();
    }

    /** It goes on for {@code steps}, in which the rate falls once more, from half. */
    void again(int steps) {
        fallsAt = step;
        again = steps;
    }

    boolean falling() {
        return fallsAt >= 0;
    }

    /** Whether lessons that come now may still take part. */
    boolean early() {
        return !falling() && 2 * step < longest();
    }

    Stage stage() {
        double left = falling() ? (last() - (step - fallsAt)) / (double) last() : 1;
        return new Stage(step, again > 0 ? AGAIN_FROM * left : left);
    }

    /**
     * A step was taken, which found this much yet to be learnt: the mean surprise of an answer's token, for instance.
     */
    void stepped(double left) {
        step++;
        surprises.addLast(left);
        while (surprises.size() > Math.max(WINDOW, steps.applyAsInt(1))) {
            surprises.removeFirst();
        }
        double surprise =
                surprises.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        int shortest = Math.max(plan.stepsMin(), steps.applyAsInt(plan.passesMin()));
        if (!falling() && (step >= longest() || (step >= shortest && surprise < plan.learntNats()))) {
            fallsAt = step;
        }
    }

    /** Steps taken. */
    int step() {
        return step;
    }

    /** How many steps there will be at most. */
    int most() {
        return falling() ? fallsAt + last() : longest() + last();
    }

    private int longest() {
        return Math.max(2 * plan.stepsMin(), steps.applyAsInt(plan.passesMax()));
    }

    private int last() {
        return again > 0 ? again : Math.max(plan.stepsLast(), steps.applyAsInt(plan.passesLast()));
    }
}
