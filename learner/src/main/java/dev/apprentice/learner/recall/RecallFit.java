package dev.apprentice.learner.recall;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;

/**
 * How one instance's lessons act on answers that they were not given for.
 *
 * @param small whether the lessons answered from a small set when this was fitted; where that has changed it does not
 *     hold
 * @param examples how many lessons stand before the question
 * @param lambda the share of the lessons' answers in the next token; 0 is none
 * @param temperature of those answers' weights
 * @param lessons how many there were when this was fitted
 */
public record RecallFit(boolean small, int examples, double lambda, double temperature, int lessons) {
    /** Nothing acts but exact repeats. */
    public static final RecallFit NOTHING = new RecallFit(false, 0, 0, 0.1, 0);

    public RecallFit {
        check(examples >= 0, "examples", "at least 0", examples);
        check(lambda >= 0 && lambda <= 1, "lambda", "from 0 to 1", lambda);
        check(temperature > 0, "temperature", "above 0", temperature);
        check(lessons >= 0, "lessons", "at least 0", lessons);
    }

    private static void check(boolean holds, String name, String expected, Object found) {
        if (!holds) {
            throw new FailedException(
                    "bad_fit",
                    "a fit's " + name + " must be " + expected + ", found " + found,
                    Fault.of(name, expected, String.valueOf(found)));
        }
    }
}
