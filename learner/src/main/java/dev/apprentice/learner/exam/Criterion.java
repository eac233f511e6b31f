package dev.apprentice.learner.exam;

/**
 * One thing that was demanded.
 *
 * @param id {@code E1}, {@code E2}, … of LEARNING.md, section 9
 * @param holds whether it was met
 * @param says what was found and what was wanted, in words
 */
public record Criterion(String id, boolean holds, String says) {}
