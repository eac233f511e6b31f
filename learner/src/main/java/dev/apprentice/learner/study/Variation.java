package dev.apprentice.learner.study;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a rival's plan differs from the one that a study would follow without rivals: in one thing. */
enum Variation {
    /** In nothing. */
    AS_PLANNED(false),
    HALF_RATE(false),
    DOUBLE_RATE(false),
    NO_DROPOUT(false),
    DOUBLE_DROPOUT(false),
    /** Half of what a step reads are old lessons. */
    MORE_REPLAY(false),
    HALF_RANK(true),
    DOUBLE_RANK(true),
    /** Facts want all layers, judgement the upper ones (docs/learning.md). */
    ALL_LAYERS(true),
    UPPER_LAYERS(true);

    private static final double UPPER = 0.6;
    private static final int RANK_MIN = 2;

    /** As far as a plan has to go. */
    private static final int RANK_MAX = 64;

    private final boolean shape;

    Variation(boolean shape) {
        this.shape = shape;
    }

    /** Whether its adapter has another shape, so that it cannot go on from the live one. */
    boolean shape() {
        return shape;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Variation> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }

    /** {@code plan}, varied; equal to it where that changes nothing. */
    StudyPlan of(StudyPlan plan) {
        return switch (this) {
            case AS_PLANNED -> plan;
            case HALF_RATE -> plan.with(plan.rate() / 2, plan.dropout(), plan.oldShare());
            case DOUBLE_RATE -> plan.with(plan.rate() * 2, plan.dropout(), plan.oldShare());
            case NO_DROPOUT -> plan.with(plan.rate(), 0, plan.oldShare());
            case DOUBLE_DROPOUT -> plan.with(plan.rate(), Math.min(0.5, 2 * plan.dropout()), plan.oldShare());
            case MORE_REPLAY -> plan.with(plan.rate(), plan.dropout(), Math.max(0.5, plan.oldShare()));
            case HALF_RANK -> plan.shaped(Math.max(RANK_MIN, plan.rank() / 2), plan.fromDepth());
            case DOUBLE_RANK -> plan.shaped(Math.min(RANK_MAX, plan.rank() * 2), plan.fromDepth());
            case ALL_LAYERS -> plan.shaped(plan.rank(), 0);
            case UPPER_LAYERS -> plan.shaped(plan.rank(), Math.max(UPPER, plan.fromDepth()));
        };
    }
}
