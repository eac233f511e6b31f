package dev.apprentice.learner.lesson;

/** Which kind of feedback a lesson was made of. */
public enum LessonKind {
    /** Someone said what an answer should have been. */
    CORRECTION,
    /** Someone taught a question with its answer. */
    EXAMPLE,
    /** Thumbs up or down. */
    RATING,
    /** How good an answer, or a task of several, was. */
    REWARD,
    /** One answer is better than another. */
    PREFERENCE,
    /** What is wrong with an answer, in words. */
    CRITIQUE,
    /** What the user said next, which is no person's judgement. */
    IMPLICIT;

    /**
     * Whether it says what to answer: only then recall may serve it; a study learns from all kinds, each its own way.
     */
    public boolean teaches() {
        return switch (this) {
            case CORRECTION, EXAMPLE -> true;
            case RATING, REWARD, PREFERENCE, CRITIQUE, IMPLICIT -> false;
        };
    }

    static LessonKind of(Feedback feedback) {
        return switch (feedback) {
            case Feedback.Correction _ -> CORRECTION;
            case Feedback.Example _ -> EXAMPLE;
            case Feedback.Rating _ -> RATING;
            case Feedback.Reward _, Feedback.EpisodeReward _ -> REWARD;
            case Feedback.Preference _ -> PREFERENCE;
            case Feedback.Critique _ -> CRITIQUE;
            case Feedback.Implicit _ -> IMPLICIT;
        };
    }
}
