package dev.apprentice.learner.lesson;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which lessons are taken back; null is any.
 *
 * @param instance whose
 * @param by taught by whom
 * @param after given then or later
 * @param before given earlier
 */
public record Withdrawal(
        String instance,
        @Nullable String by,
        @Nullable Instant after,
        @Nullable Instant before) {}
