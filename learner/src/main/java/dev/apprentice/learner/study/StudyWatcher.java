package dev.apprentice.learner.study;

/** Hears of studies, on the learner thread. */
@FunctionalInterface
public interface StudyWatcher {
    /** One step of a study was taken. */
    void step(StudyStep step);

    /** A study or an exam is over. */
    default void over(StudyPart part) {}
}
