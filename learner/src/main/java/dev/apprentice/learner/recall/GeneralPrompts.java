package dev.apprentice.learner.recall;

import java.util.List;

/**
 * The probes that recall compares with.
 *
 * @param standards the base's general hidden states
 * @param practice the probes that gates are fitted on
 */
record GeneralPrompts(Standards standards, List<Question> practice) {
    GeneralPrompts {
        practice = List.copyOf(practice);
    }
}
