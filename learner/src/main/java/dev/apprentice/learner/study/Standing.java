package dev.apprentice.learner.study;

import dev.apprentice.learner.exam.Turnover;
import java.util.Set;

/**
 * Where an instance stands, beside the lessons that wait.
 *
 * @param turnover which lessons it tends to lose
 * @param withdrawn ids of lessons that were taken back and that the live weights were trained on
 * @param promotions how many checkpoints of studies went live since the last that was built from the base
 * @param awaiting ids of lessons in a candidate that passed and is not live yet: tried in shadow or as a canary, or
 *     waiting for a person
 */
public record Standing(Turnover turnover, Set<String> withdrawn, int promotions, Set<String> awaiting) {
    /** Nothing was lost, taken back or promoted. */
    public static final Standing NEW = new Standing(Turnover.NONE, Set.of(), 0, Set.of());

    public Standing {
        withdrawn = Set.copyOf(withdrawn);
        awaiting = Set.copyOf(awaiting);
    }
}
