package dev.apprentice.learner.study;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;

/** What every plan of a study checks its numbers by. */
final class PlanCheck {
    private PlanCheck() {}

    /** @throws FailedException code {@code bad_plan}, if {@code holds} does not */
    static void check(boolean holds, String name, String expected) {
        if (!holds) {
            throw new FailedException(
                    "bad_plan", "the plan's " + name + " must be " + expected, Fault.of(name, expected, "another"));
        }
    }
}
