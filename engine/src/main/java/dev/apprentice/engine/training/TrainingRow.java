package dev.apprentice.engine.training;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;

/**
 * One row to train on.
 *
 * @param tokens prompt and answer, end-of-turn token included
 * @param answerStart index of the answer's first token, at least 1; tokens before it are read but never trained
 * @param loss what for
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record TrainingRow(int[] tokens, int answerStart, Loss loss) {
    public TrainingRow {
        if (answerStart < 1 || answerStart >= tokens.length) {
            throw new FailedException(
                    "bad_row",
                    "a row needs a prompt and an answer",
                    Fault.of("answerStart", "1 to " + (tokens.length - 1), Integer.toString(answerStart)));
        }
        if (loss instanceof Loss.Sloped(var slopes) && slopes.length != tokens.length - answerStart) {
            throw new FailedException(
                    "bad_row",
                    "there must be a slope for each of the answer's tokens",
                    Fault.of("slopes", (tokens.length - answerStart) + " slopes", slopes.length + " slopes"));
        }
        if (loss instanceof Loss.StayNear(var base, var _) && base.places() != tokens.length - answerStart) {
            throw new FailedException(
                    "bad_row",
                    "the base's log-probabilities must cover the answer's tokens",
                    Fault.of("base", (tokens.length - answerStart) + " places", base.places() + " places"));
        }
    }

    /** How many tokens are trained. */
    public int answerTokens() {
        return tokens.length - answerStart;
    }
}
