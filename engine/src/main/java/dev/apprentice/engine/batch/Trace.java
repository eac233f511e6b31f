package dev.apprentice.engine.batch;

/**
 * What the network saw while it answered: the hidden states from which the answer's tokens were chosen, as the serving
 * kernels made them, so that looking costs no second pass.
 *
 * <p>An answer of {@code n} tokens has {@code n} such states and, where the model ended it itself, one more: the first
 * stands at the prompt's end, and the last has seen all that was said.
 *
 * @param first at the prompt's end, [layers, hidden]
 * @param mean over the states after that, [layers, hidden]; {@code first} where there are none
 * @param last the newest state, [layers, hidden]
 * @param states how many there were, at least 1
 * @param endLogprob log-probability of the end that the model chose; NaN where it did not
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record Trace(float[][] first, float[][] mean, float[][] last, int states, double endLogprob) {}
