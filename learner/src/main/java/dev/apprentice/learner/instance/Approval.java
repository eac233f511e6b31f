package dev.apprentice.learner.instance;

/** Whether a person has to agree before a candidate that passed its exam goes live. */
public enum Approval {
    /** The exam decides. */
    NONE,
    /** The candidate waits until someone promotes it. */
    REQUIRED
}
