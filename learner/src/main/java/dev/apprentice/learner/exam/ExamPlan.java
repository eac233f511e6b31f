package dev.apprentice.learner.exam;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import java.util.List;

/**
 * What a candidate must do to serve (docs/learning.md). It is stored with the report.
 *
 * @param exactMin share of the new lessons whose own request it must answer right (E2)
 * @param viewsMin share of their exam views (E2)
 * @param viewsFrom from how many new lessons on views count (E2)
 * @param allUpTo up to how many lessons all are asked; above, the new, the pinned, and a random sample (E1)
 * @param sample how many of the others (E1: 300 with none lost bounds the loss under 1 % at 95 %)
 * @param lostMax share of the lessons that may be lost where more are gained, with what earlier checkpoints lost and
 *     nothing has mended since (E1)
 * @param discordantFrom from how many lessons with another result than live on there must be evidence (E2)
 * @param evidence the E-value needed at the first, the second, … look
 * @param unchangedMin share of general prompts whose answer must stay as it was (E3)
 * @param generalTokens how many tokens of those answers are compared
 * @param rawProbes on how many general prompts the distance from the base is measured with the gate forced open (E3)
 * @param rawDriftMaxNats how far the adapter should be from the base there at most, in nats per token: told, not
 *     judged, as what is served goes through the gate (E3)
 * @param inContextFrom from which share of in-context questions on that the base answers right it must keep them (E3)
 * @param inContextLossMax how much of that share it may lose; more only if it may be chance (E3)
 * @param brierWorseMax how much worse than live's its value function's Brier score may be (E4)
 * @param eceWorseMax how much worse its expected calibration error may be (E4)
 * @param effectiveMin effective sample size from which on rated answers can veto (E6)
 * @param answerTokensSpare how many tokens longer than the wanted answer an answer may get before it counts as wrong
 */
public record ExamPlan(
        double exactMin,
        double viewsMin,
        int viewsFrom,
        int allUpTo,
        int sample,
        double lostMax,
        int discordantFrom,
        List<Double> evidence,
        double unchangedMin,
        int generalTokens,
        int rawProbes,
        double rawDriftMaxNats,
        double inContextFrom,
        double inContextLossMax,
        double brierWorseMax,
        double eceWorseMax,
        int effectiveMin,
        int answerTokensSpare) {

    /** As docs/learning.md has them. */
    public static final ExamPlan DEFAULT = new ExamPlan(
            0.95,
            0.80,
            5,
            500,
            300,
            0.005,
            7,
            List.of(20.0, 40.0, 60.0),
            0.98,
            24,
            16,
            0.1,
            0.2,
            0.01,
            0.01,
            0.02,
            50,
            8);

    public ExamPlan {
        evidence = List.copyOf(evidence);
        share(exactMin, "exactMin");
        share(viewsMin, "viewsMin");
        share(lostMax, "lostMax");
        share(unchangedMin, "unchangedMin");
        least(viewsFrom, 1, "viewsFrom");
        least(allUpTo, 1, "allUpTo");
        least(sample, 1, "sample");
        least(discordantFrom, 1, "discordantFrom");
        least(evidence.size(), 1, "evidence");
        least(generalTokens, 1, "generalTokens");
        least(rawProbes, 0, "rawProbes");
        check(rawDriftMaxNats > 0, "rawDriftMaxNats", "above 0");
        share(inContextFrom, "inContextFrom");
        share(inContextLossMax, "inContextLossMax");
        share(brierWorseMax, "brierWorseMax");
        share(eceWorseMax, "eceWorseMax");
        least(effectiveMin, 2, "effectiveMin");
        least(answerTokensSpare, 1, "answerTokensSpare");
    }

    /** The E-value needed at look {@code look}, counted from 0. */
    public double evidence(int look) {
        return evidence.get(Math.min(look, evidence.size() - 1));
    }

    private static void share(double value, String name) {
        check(value >= 0 && value <= 1, name, "from 0 to 1");
    }

    private static void least(int value, int least, String name) {
        check(value >= least, name, "at least " + least);
    }

    private static void check(boolean holds, String name, String expected) {
        if (!holds) {
            throw new FailedException(
                    "bad_plan", "the exam's " + name + " must be " + expected, Fault.of(name, expected, "another"));
        }
    }
}
