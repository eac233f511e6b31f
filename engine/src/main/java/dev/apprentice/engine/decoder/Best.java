package dev.apprentice.engine.decoder;

/**
 * The most probable tokens at some places.
 *
 * @param ids [places, k], flat
 * @param logprobs the same of their log-probabilities
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record Best(int[] ids, float[] logprobs) {}
