package dev.apprentice.learner.recall;

import java.util.List;

/**
 * The probes that recall compares with.
 *
 * @param standards the base's general hidden states
 * @param practice the probes that gates are fitted on
 * @param panel the same, to be compared with all at once
 */
record GeneralPrompts(Standards standards, List<Question> practice, Panel panel) {
    GeneralPrompts {
        practice = List.copyOf(practice);
    }

    GeneralPrompts(Standards standards, List<Question> practice) {
        this(
                standards,
                practice,
                new Panel(practice.stream().map(Question::state).toList()));
    }
}
