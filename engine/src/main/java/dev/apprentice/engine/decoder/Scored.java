package dev.apprentice.engine.decoder;

/** Log-probability of each token, and the most probable one in its place. */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
record Scored(float[] logprobs, long[] best) {}
