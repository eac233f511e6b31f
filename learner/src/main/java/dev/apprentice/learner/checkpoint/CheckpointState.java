package dev.apprentice.learner.checkpoint;

/** Where a checkpoint stands. */
public enum CheckpointState {
    /** Made by a study, not decided upon. */
    CANDIDATE,
    /** Failed its exam: kept with the report, serves only if promoted by force. */
    REJECTED,
    /** Passed its exam or was uploaded, and waits for its promotion. */
    READY,
    /** Answers too, unseen, and is compared with what serves. */
    SHADOW,
    /** Answers a share of the requests, and is compared with what serves. */
    CANARY,
    /** Serves. */
    LIVE,
    /** Served once; can be promoted again. */
    RETIRED,
    /** Its files are damaged or gone, or belong to another base: its parent serves. */
    BROKEN,
    /** So old that its files were deleted. */
    COLLECTED
}
