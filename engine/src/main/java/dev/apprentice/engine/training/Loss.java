package dev.apprentice.engine.training;

import java.util.Arrays;

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

    /**
     * A loss that the caller computed from the answer's log-probabilities, given by its slope there: any function of
     * them, of several rows too, has the gradient of the sum of slope times log-probability. What
     * {@link Student#measure} says of the rows is what such a loss is computed from.
     *
     * @param slopes dLoss / dlog-probability of each answer token, the end-of-turn token included
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
    record Sloped(float[] slopes) implements Loss {

        /** The same slope at each of {@code tokens}: a function of the answer's whole log-probability. */
        public static Sloped evenly(double slope, int tokens) {
            var slopes = new float[tokens];
            Arrays.fill(slopes, (float) slope);
            return new Sloped(slopes);
        }
    }
}
