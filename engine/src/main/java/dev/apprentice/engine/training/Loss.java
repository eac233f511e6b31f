package dev.apprentice.engine.training;

/** What one row is trained for. */
public sealed interface Loss {

    /**
     * Cross-entropy on the answer's tokens, mean over them.
     *
     * @param weight factor of the row in the step's loss
     */
    record CrossEntropy(double weight) implements Loss {}

    /**
     * Forward KL(base || student) at the answer's tokens, mean over them, over the base's best tokens and one bucket
     * for all others.
     *
     * @param base what the base says at these places
     * @param weight factor of the row in the step's loss
     */
    record StayNear(TopLogprobs base, double weight) implements Loss {}
}
