package dev.apprentice.engine.model;

/**
 * Rotary position embedding, with every kind of scaling already applied; the rotation pairs {@code i} with {@code i +
 * headDim/2}.
 *
 * @param inverseFrequencies radians per position, {@code [headDim/2]}
 * @param attentionScale multiplies cosine and sine; 1 unless the scaling is yarn
 */
@SuppressWarnings("ArrayRecordComponent") // handed to native code as it is, and never compared
public record Rope(float[] inverseFrequencies, double attentionScale) {}
