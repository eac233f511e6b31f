package dev.apprentice.engine.sampling;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;

/**
 * What makes tokens that were used already less likely.
 *
 * @param repetition logits of tokens in the prompt or the answer are divided by it where positive, multiplied where
 *     negative; above 0 and up to 10, 1 is off (Keskar et al. 2019, section 4.1)
 * @param presence taken from the logit of every token of the answer so far, -2 to 2; 0 is off
 * @param frequency taken from a token's logit as often as the answer has it so far, -2 to 2; 0 is off
 */
public record Penalties(double repetition, double presence, double frequency) {
    /** No penalty. */
    public static final Penalties NONE = new Penalties(1, 0, 0);

    public Penalties {
        check(repetition > 0 && repetition <= 10, "repetition_penalty", "a number above 0 and up to 10", repetition);
        check(presence >= -2 && presence <= 2, "presence_penalty", "a number from -2 to 2", presence);
        check(frequency >= -2 && frequency <= 2, "frequency_penalty", "a number from -2 to 2", frequency);
    }

    /** Whether nothing is changed. */
    public boolean none() {
        return equals(NONE);
    }

    private static void check(boolean holds, String field, String expected, double found) {
        if (!holds) {
            throw new InvalidRequestException(
                    "invalid_value",
                    field + " must be " + expected + ", found " + found,
                    Fault.of(field, expected, Double.toString(found)));
        }
    }
}
