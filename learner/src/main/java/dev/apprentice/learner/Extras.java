package dev.apprentice.learner;

import org.jspecify.annotations.Nullable;

/**
 * What a request may wish beyond OpenAI's fields.
 *
 * @param recall whether lessons may act on the answer; null leaves it to the policy
 * @param adapter whether the adapter answers
 * @param learn whether feedback on the answer may teach
 */
public record Extras(@Nullable Boolean recall, Adapter adapter, boolean learn) {
    /** Nothing special. */
    public static final Extras NONE = new Extras(null, Adapter.AUTO, true);

    /** Whether the live checkpoint's weights answer. */
    public enum Adapter {
        /** Where the instance knows something of the request. */
        AUTO,
        /** In any case. */
        ALWAYS,
        /** Not at all: the base's weights answer. */
        NEVER
    }
}
