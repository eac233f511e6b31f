package dev.apprentice.learner.promotion;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint on trial.
 *
 * @param id of the trial
 * @param instance whose
 * @param kind how it is tried
 * @param checkpoint its number
 * @param against number of the checkpoint that it is compared with, 0 for the bare base
 * @param began when it began
 * @param ended when it ended, null while it runs
 * @param outcome how it ended, null while it runs
 * @param says why, in words, null while it runs
 */
public record Trial(
        long id,
        String instance,
        Kind kind,
        int checkpoint,
        int against,
        Instant began,
        @Nullable Instant ended,
        @Nullable Outcome outcome,
        @Nullable String says) {

    /** How a checkpoint is tried. */
    public enum Kind {
        /** It answers too, and nobody sees it. */
        SHADOW,
        /** It answers a share of the requests. */
        CANARY,
        /** It is live, and compared with what was live before. */
        WATCH
    }

    /** How a trial ends. */
    public enum Outcome {
        /** It went live. */
        PROMOTED,
        /** From the shadow it became a canary. */
        ADVANCED,
        /** It does not serve. */
        WITHDRAWN,
        /** It stays live. */
        KEPT,
        /** What was live before is live again. */
        ROLLED_BACK,
        /** Another checkpoint took its place before anything was decided. */
        REPLACED
    }
}
