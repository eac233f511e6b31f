package dev.apprentice.learner.instance;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one instance may do by itself.
 *
 * @param recall whether lessons act on answers before they are in the weights
 * @param autoPromote whether a candidate that passed goes live by itself
 * @param canaryPercent share of requests that a candidate gets before it is live, 0 to 100
 * @param shadowPercent share of requests that a candidate answers too, unseen, before it is a canary or live, 0 to 100
 * @param driftBudgetNats how far a checkpoint may drift from the base on general probes, in nats per token
 * @param helpBelow confidence under which an answer is marked as needing help, 0 to 1
 * @param minLessonsToStudy how many new lessons make a study worth while, at least 1
 * @param maxLessonsPerHour how many lessons one teacher may give in an hour; null is no limit
 * @param trust weight of each teacher's word, 0 to 1, by teacher; others have 1
 * @param approval whether a person has to agree to a promotion
 * @param implicit whether the user's next turn is kept as feedback of low trust
 * @param match when an answer counts as right
 * @param storeMessages whether the texts of interactions are stored; otherwise they live one hour in memory
 * @param rebuildAt hour of the day, in UTC, at which the weights are built anew from the base; null is never by itself
 */
public record Policy(
        boolean recall,
        boolean autoPromote,
        int canaryPercent,
        int shadowPercent,
        double driftBudgetNats,
        double helpBelow,
        int minLessonsToStudy,
        @Nullable Integer maxLessonsPerHour,
        Map<String, Double> trust,
        Approval approval,
        boolean implicit,
        Match match,
        boolean storeMessages,
        @Nullable LocalTime rebuildAt) {

    /** What a new instance has (docs/learning.md). */
    public static final Policy DEFAULT = new Policy(
            true,
            true,
            0,
            0,
            0.02,
            0.5,
            4,
            null,
            Map.of(),
            Approval.NONE,
            false,
            Match.EXACT,
            true,
            LocalTime.of(3, 0));

    public Policy {
        trust = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(trust));
        check(canaryPercent >= 0 && canaryPercent <= 100, "canary_percent", "0 to 100", canaryPercent);
        check(shadowPercent >= 0 && shadowPercent <= 100, "shadow_percent", "0 to 100", shadowPercent);
        check(driftBudgetNats > 0 && driftBudgetNats <= 100, "drift_budget_nats", "above 0", driftBudgetNats);
        check(helpBelow >= 0 && helpBelow <= 1, "help_below", "0 to 1", helpBelow);
        check(minLessonsToStudy >= 1, "min_lessons_to_study", "at least 1", minLessonsToStudy);
        check(
                maxLessonsPerHour == null || maxLessonsPerHour >= 1,
                "max_lessons_per_hour",
                "at least 1, or null",
                maxLessonsPerHour);
        trust.forEach((teacher, weight) -> check(weight >= 0 && weight <= 1, "trust." + teacher, "0 to 1", weight));
    }

    /** How much {@code teacher}'s word weighs, 0 to 1. */
    public double trustIn(String teacher) {
        return trust.getOrDefault(teacher, 1.0);
    }

    /** Every field under its name in the contract, in the contract's order. */
    public Map<String, @Nullable Object> fields() {
        return PolicyFields.of(this);
    }

    /**
     * This policy with the fields of {@code changes} instead of its own.
     *
     * @param changes values as JSON gives them, by the contract's names
     * @throws InvalidRequestException naming the field that is unknown, of a wrong type or out of range
     */
    public Policy with(Map<String, ? extends @Nullable Object> changes) {
        return PolicyFields.apply(this, changes);
    }

    private static void check(boolean holds, String name, String expected, @Nullable Object found) {
        if (!holds) {
            var field = "policy." + name;
            throw new InvalidRequestException(
                    "invalid_value",
                    field + " must be " + expected + ", found " + found,
                    Fault.of(field, expected, String.valueOf(found)));
        }
    }
}
