package dev.apprentice.learner.recall;

import org.jspecify.annotations.Nullable;

/**
 * What a request lets recall do.
 *
 * @param act whether lessons may act on the answer: policy and request both said so
 * @param force whether an exact repeat may be answered by force; a {@code response_format} that forbids it says no
 * @param pinned the fit of the checkpoint that answers, where it is not the live one; null takes the instance's present
 *     fit
 */
public record RecallWish(
        boolean act, boolean force, @Nullable CheckpointFit pinned) {
    /** Everything, by the present fit. */
    public static RecallWish all() {
        return new RecallWish(true, true, null);
    }

    /** Only whether the request is familiar: {@code recall: false}. */
    public static RecallWish gateOnly() {
        return new RecallWish(false, false, null);
    }

    /** The same by the fit of the checkpoint that answers. */
    public RecallWish by(@Nullable CheckpointFit fit) {
        return new RecallWish(act, force, fit);
    }
}
