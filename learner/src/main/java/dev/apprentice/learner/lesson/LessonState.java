package dev.apprentice.learner.lesson;

/** How far a lesson has come. */
public enum LessonState {
    /** Durable; exact repeats of its request are answered with it. */
    RECORDED,
    /** In the index of recall, too. */
    RECALLED,
    /** The live checkpoint was trained on it. */
    LIVE,
    /** Nothing can be learnt from it; the reason says why. */
    REJECTED,
    /** Could not be learnt after retries; recall goes on serving it. */
    PARKED,
    /** Contradicts another; a person decides. */
    HELD,
    /** A newer lesson speaks in its place. */
    SUPERSEDED,
    /** Taken back. */
    WITHDRAWN;

    /** Whether it still holds: recall may serve it and a study may train on it. */
    public boolean active() {
        return switch (this) {
            case RECORDED, RECALLED, LIVE, PARKED -> true;
            case REJECTED, HELD, SUPERSEDED, WITHDRAWN -> false;
        };
    }
}
