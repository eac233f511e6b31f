package dev.apprentice.engine.decoder;

/**
 * What the model says of the token that comes next.
 *
 * @param logits of the whole vocabulary, padding included, or none where only the likeliest was wanted
 * @param norm the logarithm of the sum of their exponentials, padding left out: a logit less it is a log-probability
 * @param best the likeliest id; of equal ones the first
 * @param bestLogit its logit
 */
@SuppressWarnings("ArrayRecordComponent") // read once by who chooses, and never compared
public record Prediction(float[] logits, double norm, int best, double bestLogit) {

    /** The log-probability of the likeliest id. */
    public double bestLogprob() {
        return bestLogit - norm;
    }
}
