package dev.apprentice.learner.lesson;

import org.jspecify.annotations.Nullable;

/**
 * Which lessons are asked for; null is any.
 *
 * @param instance whose
 * @param state in which state
 * @param by taught by whom
 */
public record LessonFilter(
        @Nullable String instance,
        @Nullable LessonState state,
        @Nullable String by) {
    /** Every lesson of one instance. */
    public static LessonFilter of(String instance) {
        return new LessonFilter(instance, null, null);
    }
}
