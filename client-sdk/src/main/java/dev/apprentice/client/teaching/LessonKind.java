package dev.apprentice.client.teaching;

import dev.apprentice.client.value.OpenValue;

/** What kind of feedback a lesson was made of. */
public final class LessonKind extends OpenValue {
    /** What would have been right. */
    public static final LessonKind CORRECTION = new LessonKind("correction");

    /** Good or bad. */
    public static final LessonKind RATING = new LessonKind("rating");

    /** How good, as a number. */
    public static final LessonKind REWARD = new LessonKind("reward");

    /** Which of two is better. */
    public static final LessonKind PREFERENCE = new LessonKind("preference");

    /** What is wrong, in words. */
    public static final LessonKind CRITIQUE = new LessonKind("critique");

    /** Taught without having been asked. */
    public static final LessonKind EXAMPLE = new LessonKind("example");

    /** What the user said next, which is nobody's feedback. */
    public static final LessonKind IMPLICIT = new LessonKind("implicit");

    private LessonKind(String value) {
        super(value);
    }

    /**
     * The one that the wire calls {@code value}, also one that this version does not know.
     *
     * @param value a word of the contract, or of a later one
     * @return the word, equal to the constant of the same word
     */
    public static LessonKind of(String value) {
        return new LessonKind(value);
    }
}
