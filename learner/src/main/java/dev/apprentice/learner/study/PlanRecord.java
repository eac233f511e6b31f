package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;

/**
 * How a plan has done against others in the studies of one instance.
 *
 * @param plan how it differs from the usual one, such as {@code all_layers}
 * @param won how often its candidate was the best
 * @param lost how often it was not
 */
public record PlanRecord(String plan, int won, int lost) {
    /** Of all plans that have competed, by the reports of an instance's candidates. */
    public static List<PlanRecord> of(List<JsonNode> reports) {
        var contest = new Contest(reports);
        return Arrays.stream(Variation.values())
                .map(plan -> new PlanRecord(plan.word(), contest.won(plan), contest.lost(plan)))
                .filter(plan -> plan.won() + plan.lost() > 0)
                .toList();
    }
}
