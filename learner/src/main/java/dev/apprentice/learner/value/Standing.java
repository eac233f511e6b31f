package dev.apprentice.learner.value;

import org.jspecify.annotations.Nullable;

/**
 * How good an instance's value head is.
 *
 * @param state how far it has come
 * @param outcomes graded answers that it was fitted to, besides those of exams
 * @param quality of its judgements on answers that it did not know (cross-fitted)
 * @param served of the confidences that were given out, against what became of the answers: test, then train
 * @param certified the threshold below which an answer needs help, or null: then the policy's {@code help_below} holds
 */
public record Standing(
        ValueState state,
        int outcomes,
        Quality quality,
        Quality served,
        @Nullable Certified certified) {
    /** Of an instance without a head. */
    public static final Standing NONE = new Standing(ValueState.NOT_FITTED, 0, Quality.NONE, Quality.NONE, null);

    /** From here on a head may drive what is trained (docs/learning.md). */
    private static final int OUTCOMES = 100;

    private static final double AUROC = 0.70;
    private static final double ECE = 0.10;

    static ValueState of(Quality quality) {
        return quality.outcomes() >= OUTCOMES && quality.auroc() >= AUROC && quality.ece() <= ECE
                ? ValueState.CALIBRATED
                : ValueState.FITTED;
    }
}
