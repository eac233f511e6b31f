package dev.apprentice.learner;

import org.jspecify.annotations.Nullable;

/**
 * What a request may wish beyond OpenAI's fields.
 *
 * @param recall whether lessons may act on the answer; null leaves it to the policy
 * @param adapter whether the adapter answers
 * @param learn whether feedback on the answer may teach
 * @param bestOf how many answers are made for each that is given; the best one is given
 * @param user who is answered, as the asker names them, or null: one user is answered by one checkpoint of a canary
 */
public record Extras(
        @Nullable Boolean recall,
        Adapter adapter,
        boolean learn,
        int bestOf,
        @Nullable String user) {
    /** Nothing special. */
    public static final Extras NONE = new Extras(null, Adapter.AUTO, true);

    public Extras {
        assert bestOf >= 1 : bestOf;
    }

    /** Of one answer, for a user without a name. */
    public Extras(@Nullable Boolean recall, Adapter adapter, boolean learn) {
        this(recall, adapter, learn, 1, null);
    }

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
