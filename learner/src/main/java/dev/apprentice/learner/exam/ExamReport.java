package dev.apprentice.learner.exam;

import java.util.List;
import java.util.Map;

/**
 * What an exam found, kept with the candidate.
 *
 * @param verdict whether it may serve
 * @param criteria what was demanded
 * @param figures what was measured
 * @param passes for each lesson that was asked, whether its own request is answered right, without recall
 * @param lost ids of lessons that live answers right and the candidate does not
 * @param notLearnt ids of new lessons that it does not answer right
 * @param look how many candidates on the same lessons were examined before
 * @param plan what the exam was
 */
public record ExamReport(
        Verdict verdict,
        List<Criterion> criteria,
        Figures figures,
        Map<String, Boolean> passes,
        List<String> lost,
        List<String> notLearnt,
        int look,
        ExamPlan plan) {
    public ExamReport {
        criteria = List.copyOf(criteria);
        passes = Map.copyOf(passes);
        lost = List.copyOf(lost);
        notLearnt = List.copyOf(notLearnt);
    }

    /** What failed, in words; empty if it passed. */
    public String reason() {
        return String.join(
                "; ",
                criteria.stream().filter(Criterion::fails).map(Criterion::says).toList());
    }

    /**
     * Shares and distances.
     *
     * @param lessons how many lessons were asked
     * @param fresh how many of them are new
     * @param exactLive share of their own requests that live answers right, without recall
     * @param exact share that the candidate answers right, without recall
     * @param viewsLive share of exam views that live answers right, as served without recall
     * @param views the same by the candidate
     * @param viewsWithRecall the same with recall
     * @param gained how many lessons it answers right and live does not
     * @param evidence E-value of gains against losses
     * @param gateOpen share of exam views that the familiarity gate lets through
     * @param gateClosed share of general prompts of the exam that it keeps out
     * @param unchanged share of them whose answer stays as it was, gate on
     * @param driftNats distance from the base on them, in nats per token, gate on
     * @param rawDriftNats the same with the gate forced open
     * @param inContextBase share of questions about their own context that the base answers right
     * @param inContext the same by the candidate, as served
     */
    public record Figures(
            int lessons,
            int fresh,
            double exactLive,
            double exact,
            double viewsLive,
            double views,
            double viewsWithRecall,
            int gained,
            double evidence,
            double gateOpen,
            double gateClosed,
            double unchanged,
            double driftNats,
            double rawDriftNats,
            double inContextBase,
            double inContext) {}
}
