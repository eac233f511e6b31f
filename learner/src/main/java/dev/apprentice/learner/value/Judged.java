package dev.apprentice.learner.value;

import org.jspecify.annotations.Nullable;

/**
 * What is said of an answer to whoever asked.
 *
 * @param confidence probability that it is good, or null where no head is fitted
 * @param needsHelp whether a person should look at it
 * @param judgement all that the head says, or null
 */
public record Judged(
        @Nullable Double confidence,
        boolean needsHelp,
        @Nullable Judgement judgement) {
    /** Nobody can say. */
    public static final Judged UNKNOWN = new Judged(null, false, null);
}
