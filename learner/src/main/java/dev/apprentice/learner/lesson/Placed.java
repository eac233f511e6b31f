package dev.apprentice.learner.lesson;

/**
 * A lesson with its {@linkplain Place#sequence() number} in the ledger.
 *
 * @param sequence the later the larger
 * @param lesson what was taught
 */
public record Placed(long sequence, Lesson lesson) {}
