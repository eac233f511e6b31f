package dev.apprentice.client.teaching;

import dev.apprentice.client.value.OpenValue;

/** Where a lesson stands on its way from a word of feedback into the weights. */
public final class LessonState extends OpenValue {
    /** Durable; exact repeats are already answered with it. */
    public static final LessonState RECORDED = new LessonState("recorded");

    /** In the index, from where it acts on what resembles it. */
    public static final LessonState RECALLED = new LessonState("recalled");

    /** The live checkpoint was trained on it. */
    public static final LessonState LIVE = new LessonState("live");

    /** Not taken; its reason says why. */
    public static final LessonState REJECTED = new LessonState("rejected");

    /** Could not be learnt; recall serves it. */
    public static final LessonState PARKED = new LessonState("parked");

    /** Contradicts another; a person decides. */
    public static final LessonState HELD = new LessonState("held");

    /** Newer words stand in its place. */
    public static final LessonState SUPERSEDED = new LessonState("superseded");

    /** Taken back. */
    public static final LessonState WITHDRAWN = new LessonState("withdrawn");

    private LessonState(String value) {
        super(value);
    }

    /**
     * The one that the wire calls {@code value}, also one that this version does not know.
     *
     * @param value a word of the contract, or of a later one
     * @return the word, equal to the constant of the same word
     */
    public static LessonState of(String value) {
        return new LessonState(value);
    }
}
