package dev.apprentice.learner.lesson;

/** Who has to know of lessons at once: called in the order of the changes, before the teacher is told. */
public interface LessonWatcher {
    /** It is durable and may act on the next request; not called while its instance is frozen. */
    void given(Lesson lesson);

    /** It may act no more. */
    void gone(Lesson lesson);
}
