package dev.apprentice.learner.promotion;

import dev.apprentice.learner.exam.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What rewards say of a checkpoint on trial: pure arithmetic over who got which. */
final class Weighing {
    private Weighing() {}

    /** What is to be done. */
    enum Verdict {
        /** Nothing yet. */
        GO_ON,
        /** It is good enough. */
        GOOD,
        /** It is worse. */
        WORSE
    }

    /**
     * A verdict with its reason in words.
     *
     * @param verdict what is to be done
     * @param says why
     */
    record Decision(Verdict verdict, String says) {}

    /**
     * Rewards in the order in which they came, each from 0 to 1.
     *
     * @param tried of the one on trial
     * @param others of the one that it is compared with
     */
    record Rewards(List<Double> tried, List<Double> others) {}

    /**
     * What a shadow did.
     *
     * @param answers how many answers it gave
     * @param same how many of them are what was answered
     * @param wins how many corrected answers only it had right
     * @param losses how many only the one that answered had right
     */
    record Shadow(int answers, int same, int wins, int losses) {}

    /**
     * A canary: worse as soon as that is certain, good when it is certainly better or no worse, or nothing speaks
     * against it.
     */
    static Decision canary(Rewards rewards, Duration lasted, TrialPlan plan) {
        var test = Msprt.of(rewards.tried(), rewards.others(), plan.tau());
        var says = says(test, plan);
        boolean over = lasted.compareTo(plan.patience()) >= 0;
        if (test.pairs() < plan.pairsMin()) {
            return over
                    ? new Decision(Verdict.GOOD, "nothing speaks against it, but few said anything: " + says)
                    : new Decision(Verdict.GO_ON, says);
        }
        if (test.high(plan.alpha()) < 0) {
            return new Decision(Verdict.WORSE, "it is worse: " + says);
        }
        if (test.low(plan.alpha()) > 0) {
            return new Decision(Verdict.GOOD, "it is better: " + says);
        }
        if (test.low(plan.alpha()) > -plan.margin()) {
            return new Decision(Verdict.GOOD, "it is no worse: " + says);
        }
        if (over || test.pairs() >= plan.pairsMax()) {
            return test.difference() < -plan.margin()
                    ? new Decision(Verdict.WORSE, "it looks worse, and time is over: " + says)
                    : new Decision(Verdict.GOOD, "nothing speaks against it, and time is over: " + says);
        }
        return new Decision(Verdict.GO_ON, says);
    }

    /** What went live: worse as soon as that is certain; kept when it is certainly no worse, or enough was heard. */
    static Decision watch(Rewards rewards, TrialPlan plan) {
        var test = Msprt.of(rewards.tried(), rewards.others(), plan.tau());
        var says = says(test, plan);
        if (test.pairs() < plan.pairsMin()) {
            return new Decision(Verdict.GO_ON, says);
        }
        if (test.high(plan.alpha()) < 0) {
            return new Decision(Verdict.WORSE, "the reward has fallen: " + says);
        }
        return test.low(plan.alpha()) > -plan.margin() || test.pairs() >= plan.pairsMax()
                ? new Decision(Verdict.GOOD, "the reward has not fallen: " + says)
                : new Decision(Verdict.GO_ON, says);
    }

    /** A shadow: decided by corrections of what was answered, else good after enough answers. */
    static Decision shadow(Shadow seen, Instant began, Instant now, TrialPlan plan) {
        var says =
                seen.answers() + " answers in the shadow, " + seen.same() + " of them the same; of the corrected ones "
                        + seen.wins() + " were right only there and " + seen.losses() + " only in the light";
        if (Evidence.of(seen.losses(), seen.wins()) >= plan.evidence()) {
            return new Decision(Verdict.WORSE, "it is worse: " + says);
        }
        boolean enough = seen.answers() >= plan.shadowAnswers()
                || Evidence.of(seen.wins(), seen.losses()) >= plan.evidence()
                || Duration.between(began, now).compareTo(plan.patience()) >= 0;
        return enough ? new Decision(Verdict.GOOD, says) : new Decision(Verdict.GO_ON, says);
    }

    private static String says(Msprt test, TrialPlan plan) {
        return test.pairs() == 0
                ? "no rated answers on both sides yet"
                : String.format(
                        Locale.ROOT,
                        "over %d pairs of rated answers the reward differs by %+.3f (%.0f%% sure: %+.3f to %+.3f)",
                        test.pairs(),
                        test.difference(),
                        100 * (1 - plan.alpha()),
                        test.low(plan.alpha()),
                        test.high(plan.alpha()));
    }
}
