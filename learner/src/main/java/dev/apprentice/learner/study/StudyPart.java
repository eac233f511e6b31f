package dev.apprentice.learner.study;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A part of the learner's work that is over.
 *
 * @param instance for whom
 * @param kind what it was
 * @param outcome what came of it
 * @param candidate the name of what was trained or examined, null if nothing came of it
 * @param lessons how many new lessons it was about
 * @param look which attempt at them, from 0
 * @param began when it began
 * @param ended when it ended
 */
public record StudyPart(
        String instance,
        Kind kind,
        Outcome outcome,
        @Nullable String candidate,
        int lessons,
        int look,
        Instant began,
        Instant ended) {

    /** What the learner does. */
    public enum Kind {
        /** Training. */
        STUDY,
        /** Examining what was trained. */
        EXAM
    }

    /** What can come of it. */
    public enum Outcome {
        /** A study made a candidate. */
        TRAINED,
        /** A study fell apart. */
        COLLAPSED,
        /** A study was of no use any more. */
        STOPPED,
        /** A candidate may serve. */
        PASSED,
        /** A candidate may not serve. */
        FAILED
    }
}
