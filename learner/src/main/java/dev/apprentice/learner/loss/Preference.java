package dev.apprentice.learner.loss;

/**
 * DPO (Rafailov et al. 2023, equation 7) with label smoothing (Mitchell 2023) and the chosen answer's own negative
 * log-likelihood (RPO, Pang et al. 2024, equation 1), without which the chosen answer may lose probability as long as
 * the rejected one loses more.
 *
 * @param beta how dear distance from the reference is
 * @param smoothing how probable it is that the preference is the wrong way round, 0 to below ½
 * @param likelihood factor of the chosen answer's mean surprise per token
 */
public record Preference(double beta, double smoothing, double likelihood) {
    /**
     * A loss of two answers.
     *
     * @param loss its value
     * @param chosen its slope at the chosen answer's log-probability
     * @param rejected its slope at the rejected one's
     * @param margin by how many nats the student prefers the chosen answer more than the reference does
     */
    public record Pair(double loss, double chosen, double rejected, double margin) {}

    /**
     * The loss of one pair.
     *
     * @param chosen log-probability of the whole chosen answer
     * @param rejected of the rejected one
     * @param chosenBefore the same by the reference
     * @param rejectedBefore the same by the reference
     * @param chosenTokens how many tokens the chosen answer has
     */
    public Pair of(double chosen, double rejected, double chosenBefore, double rejectedBefore, int chosenTokens) {
        double margin = (chosen - chosenBefore) - (rejected - rejectedBefore);
        double z = beta * margin;
        double dpo = -(1 - smoothing) * Logistic.log(z) - smoothing * Logistic.log(-z);
        double slope = -beta * ((1 - smoothing) * Logistic.of(-z) - smoothing * Logistic.of(z));
        double own = likelihood / chosenTokens;
        return new Pair(dpo - own * chosen, slope - own, -slope, margin);
    }
}
