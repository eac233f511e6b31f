package dev.apprentice.learner.interaction;

/** How an answer ended. */
public enum AnswerState {
    /** Whole. */
    FINISHED,
    /** The asker went away: a part of an answer. */
    CANCELLED,
    /** By a fault: not an answer, and not taught from. */
    FAILED
}
