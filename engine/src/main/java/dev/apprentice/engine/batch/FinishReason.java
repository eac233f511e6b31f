package dev.apprentice.engine.batch;

/** How an answer ended. */
public enum FinishReason {
    /** By an end-of-turn token, a stop string or the end of a forced answer. */
    STOP,
    /** By the token limit or the end of the context window. */
    LENGTH,
    /** The asker went away. */
    CANCELLED
}
