package dev.apprentice.learner;

import java.time.Instant;

/**
 * Something that an answer went through.
 *
 * @param kind what
 * @param began when it began
 * @param ended when it was over, not before it began
 */
public record Stage(Kind kind, Instant began, Instant ended) {
    public Stage {
        ended = ended.isBefore(began) ? began : ended; // a clock may be set back
    }

    /** What an answer goes through; several go on at the same time. */
    public enum Kind {
        /** The lessons are asked what they have to say. */
        RECALL,
        /** It waits for a place in the batch. */
        QUEUE,
        /** Its prompt is read, up to its first token. */
        PREFILL,
        /** All tokens after the first are made. */
        DECODE,
        /** The question, or the answer, is written down until it is durable. */
        RECORD
    }
}
