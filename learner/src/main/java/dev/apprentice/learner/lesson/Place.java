package dev.apprentice.learner.lesson;

/**
 * Where a lesson stands in the ledger.
 *
 * @param sequence its number, the later the larger; never given twice
 * @param id the lesson's
 * @param same the key of its request ({@link Same})
 * @param state how far it has come
 */
public record Place(long sequence, String id, String same, LessonState state) {}
