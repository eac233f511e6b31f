package dev.apprentice.engine.text;

/**
 * A conversation as the model reads it.
 *
 * @param text the rendered text
 * @param ids its token ids, which the receiver must not change
 */
@SuppressWarnings("ArrayRecordComponent")
public record Prompt(String text, int[] ids) {}
