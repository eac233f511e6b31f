package dev.apprentice.learner.instance;

/**
 * Which base an instance's lessons were taught on.
 *
 * @param name what people call it
 * @param digest of its weights
 */
public record BaseIdentity(String name, String digest) {}
