package dev.apprentice.learner.study;

import static dev.apprentice.learner.study.PlanCheck.check;

/**
 * Whether studies train several candidates by different plans, of which the exam chooses: which layers, how fast, how
 * much dropout depends on the kind of lesson (docs/learning.md), and nobody knows beforehand.
 *
 * @param candidates how many a study trains at most, 1 for no rivals; each is a look at the same lessons
 * @param lessonsMax of so many lessons that are read as new at most: more are not worth reading twice
 */
public record RivalPlan(int candidates, int lessonsMax) {
    /** Each is trained and examined in full, so more would take the time of several studies. */
    public static final int CANDIDATES_MAX = 3;

    /** One candidate. */
    public static final RivalPlan DEFAULT = of(1);

    public RivalPlan {
        check(candidates >= 1 && candidates <= CANDIDATES_MAX, "candidates", "1 to " + CANDIDATES_MAX);
        check(lessonsMax >= 1, "lessonsMax", "at least 1");
    }

    /** So many where a study is short. */
    public static RivalPlan of(int candidates) {
        return new RivalPlan(candidates, 48);
    }
}
