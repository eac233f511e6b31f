package dev.apprentice.engine.batch;

import java.util.List;

/**
 * One token of an answer.
 *
 * @param id token id
 * @param logprob natural logarithm of the model's probability for it, before temperature and any guide
 * @param top the most likely tokens at this place, best first; empty unless asked for
 */
public record SampledToken(int id, double logprob, List<Alternative> top) {

    /** A token that could have stood here, with its log-probability. */
    public record Alternative(int id, double logprob) {}

    public SampledToken {
        top = List.copyOf(top);
    }
}
