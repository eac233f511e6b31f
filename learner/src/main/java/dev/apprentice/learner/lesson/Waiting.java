package dev.apprentice.learner.lesson;

import java.time.Instant;

/**
 * A lesson that no checkpoint has carried yet.
 *
 * @param id the lesson's
 * @param kind what it was made of
 * @param created when it was given
 */
public record Waiting(String id, LessonKind kind, Instant created) {
    /** Of {@code lesson}. */
    public static Waiting of(Lesson lesson) {
        return new Waiting(lesson.id(), lesson.kind(), lesson.created());
    }
}
