package dev.apprentice.learner.interaction;

/**
 * An answer that can be given out again.
 *
 * @param interaction what was asked
 * @param text the answer, in the form that the door gave it
 */
public record Keepsake(Interaction interaction, String text) {}
