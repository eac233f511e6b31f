package dev.apprentice.learner.promotion;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import java.time.Duration;

/**
 * How a candidate that passed its exam is tried on live traffic, and how what went live is watched.
 *
 * @param alpha how often a difference may be seen where there is none (docs/learning.md)
 * @param tau the size of a difference in reward that matters; also the width of what the test expects
 * @param margin how much worse one may be at most to count as no worse
 * @param pairsMin how many rated answers on each side nothing is decided below: one thumb down is no reason
 * @param pairsMax how many are enough, whatever they say
 * @param shadowAnswers how many answers in the shadow are enough where nobody corrects them
 * @param evidence E-value by which corrections decide on a shadow
 * @param patience how long a trial lasts at most
 */
public record TrialPlan(
        double alpha,
        double tau,
        double margin,
        int pairsMin,
        int pairsMax,
        int shadowAnswers,
        double evidence,
        Duration patience) {
    /** Ours; the false alarms that they bring are simulated in the tests. */
    public static final TrialPlan DEFAULT = new TrialPlan(0.05, 0.2, 0.1, 20, 400, 100, 20, Duration.ofHours(24));

    public TrialPlan {
        check(alpha > 0 && alpha < 1, "alpha", "above 0 and below 1");
        check(tau > 0 && tau <= 1, "tau", "above 0 and up to 1");
        check(margin >= 0 && margin <= 1, "margin", "from 0 to 1");
        check(pairsMin >= 2, "pairsMin", "at least 2");
        check(pairsMax >= pairsMin, "pairsMax", "at least pairsMin");
        check(shadowAnswers >= 1, "shadowAnswers", "at least 1");
        check(evidence > 1, "evidence", "above 1");
        check(patience.isPositive(), "patience", "above 0");
    }

    private static void check(boolean holds, String name, String expected) {
        if (!holds) {
            throw new FailedException(
                    "bad_plan", "the trial's " + name + " must be " + expected, Fault.of(name, expected, "another"));
        }
    }
}
