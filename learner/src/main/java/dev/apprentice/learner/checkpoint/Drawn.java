package dev.apprentice.learner.checkpoint;

import dev.apprentice.learner.promotion.Trial;
import org.jspecify.annotations.Nullable;

/**
 * Who answers a request to an instance.
 *
 * @param serving the checkpoint
 * @param trial the shadow or canary that runs now, null for none
 * @param tried whether the checkpoint is the canary, drawn by chance
 */
public record Drawn(Serving serving, @Nullable Trial trial, boolean tried) {
    /** Nobody is on trial, or nobody can be drawn. */
    public static Drawn of(Serving serving) {
        return new Drawn(serving, null, false);
    }
}
