package dev.apprentice.engine.training;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;

/**
 * The best {@code k} tokens at some places of a row, with log-probabilities.
 *
 * @param k how many for each place
 * @param ids [places, k], flat
 * @param logprobs [places, k], flat
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record TopLogprobs(int k, int[] ids, float[] logprobs) {
    public TopLogprobs {
        if (k < 1 || ids.length != logprobs.length || ids.length % k != 0) {
            throw new FailedException(
                    "bad_top_logprobs",
                    "ids and logprobs must both be [places, k]",
                    Fault.of("ids", "places * k", ids.length + " for k = " + k));
        }
    }

    /** How many places are described. */
    public int places() {
        return ids.length / k;
    }
}
