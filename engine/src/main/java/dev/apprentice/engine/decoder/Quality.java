package dev.apprentice.engine.decoder;

import java.util.Arrays;

/**
 * How well a decoder's serving products predict a text.
 *
 * @param perplexity over all tokens but the first of each window
 * @param best the most probable token at each of these places
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
record Quality(double perplexity, long[] best) {

    /** Read in windows of {@code window} tokens, each by itself. */
    static Quality of(Decoder decoder, int[] text, int window) {
        double sum = 0;
        var best = new long[0];
        for (int from = 0; from + 1 < text.length; from += window) {
            var scored = decoder.score(Arrays.copyOfRange(text, from, Math.min(text.length, from + window)));
            for (float logprob : scored.logprobs()) {
                sum -= logprob;
            }
            int before = best.length;
            best = Arrays.copyOf(best, before + scored.best().length);
            System.arraycopy(scored.best(), 0, best, before, scored.best().length);
        }
        return new Quality(Math.exp(sum / best.length), best);
    }

    /** How much larger the perplexity is than {@code exact}'s, as a share of it. */
    double cost(Quality exact) {
        return perplexity / exact.perplexity - 1;
    }

    /** In which share of the places the most probable token is {@code exact}'s. */
    double agreement(Quality exact) {
        int same = 0;
        for (int i = 0; i < best.length; i++) {
            same += best[i] == exact.best[i] ? 1 : 0;
        }
        return (double) same / best.length;
    }
}
