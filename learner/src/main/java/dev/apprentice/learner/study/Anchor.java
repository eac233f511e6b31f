package dev.apprentice.learner.study;

import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.TopLogprobs;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.exam.GeneralAnswers;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Keeps a study close to the base: beside the lessons each step reads a few general prompts and pays for every nat by
 * which the student's answers to them differ from the base's (docs/learning.md; without it the clerk's adapter answers
 * every question with a desk's name). The price is steered so that the distance stays at the plan's target.
 */
final class Anchor {
    private final StudyPlan plan;
    private final List<GeneralAnswers.Row> rows;
    private final RandomGenerator random;
    private double weight;
    private double sum;
    private int seen;

    Anchor(StudyPlan plan, List<GeneralAnswers.Row> rows, RandomGenerator random) {
        this.plan = plan;
        this.rows = List.copyOf(rows);
        this.random = random;
        weight = plan.anchorWeight();
    }

    /** The general prompts of the next step. */
    List<TrainingRow> draw() {
        var drawn = new ArrayList<TrainingRow>();
        for (int i = 0; i < plan.anchorRows() && !rows.isEmpty(); i++) {
            var row = rows.get(random.nextInt(rows.size()));
            drawn.add(row(row.tokens(), row.answerStart(), row.base(), weight / plan.anchorRows()));
        }
        return drawn;
    }

    private static TrainingRow row(int[] tokens, int answerStart, TopLogprobs base, double weight) {
        return new TrainingRow(tokens, answerStart, new Loss.StayNear(base, weight));
    }

    /** Takes note of the distances that a step saw, and of the weight's turn to be steered. */
    void saw(List<Double> nats, int step) {
        for (double kl : nats) {
            sum += kl;
            seen++;
        }
        if (seen > 0 && (step + 1) % plan.anchorEvery() == 0) {
            weight = steered(weight, sum / seen, plan);
            sum = 0;
            seen = 0;
        }
    }

    static double steered(double weight, double nats, StudyPlan plan) {
        double next = nats > 1.5 * plan.anchorTargetNats()
                ? weight * 2
                : nats < plan.anchorTargetNats() / 1.5 ? weight / 2 : weight;
        return Math.clamp(next, plan.anchorWeightMin(), plan.anchorWeightMax());
    }

    double weight() {
        return weight;
    }
}
