package dev.apprentice.client.admin;

import dev.apprentice.client.value.OpenValue;

/** What happened. */
public final class EventKind extends OpenValue {
    /** A lesson changed. */
    public static final EventKind LESSON = new EventKind("lesson");

    /** A study began, moved or ended. */
    public static final EventKind STUDY = new EventKind("study");

    /** A candidate was examined. */
    public static final EventKind EXAM = new EventKind("exam");

    /** A checkpoint was put into the shadow or made a canary, or is no more. */
    public static final EventKind TRIAL = new EventKind("trial");

    /** A checkpoint went live. */
    public static final EventKind PROMOTION = new EventKind("promotion");

    /** An older one went live again. */
    public static final EventKind ROLLBACK = new EventKind("rollback");

    /** A checkpoint was found damaged. */
    public static final EventKind BROKEN = new EventKind("broken");

    private EventKind(String value) {
        super(value);
    }

    /**
     * The one that the wire calls {@code value}, also one that this version does not know.
     *
     * @param value a word of the contract, or of a later one
     * @return the word, equal to the constant of the same word
     */
    public static EventKind of(String value) {
        return new EventKind(value);
    }
}
