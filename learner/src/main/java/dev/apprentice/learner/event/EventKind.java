package dev.apprentice.learner.event;

/** What can happen to an instance. */
public enum EventKind {
    /** A lesson was given or changed its state. */
    LESSON,
    /** A study began, went on or ended. */
    STUDY,
    /** A candidate was examined. */
    EXAM,
    /** A checkpoint was put into the shadow or made a canary, or is no more. */
    TRIAL,
    /** A checkpoint went live. */
    PROMOTION,
    /** An earlier checkpoint went live again. */
    ROLLBACK,
    /** The live checkpoint cannot be served: its parent answers. */
    BROKEN
}
