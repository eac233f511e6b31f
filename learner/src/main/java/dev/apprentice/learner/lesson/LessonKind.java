package dev.apprentice.learner.lesson;

/** Which kind of feedback a lesson was made of. */
public enum LessonKind {
    /** Someone said what an answer should have been. */
    CORRECTION,
    /** Someone taught a question with its answer. */
    EXAMPLE
}
