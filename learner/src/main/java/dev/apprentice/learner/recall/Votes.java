package dev.apprentice.learner.recall;

import dev.apprentice.learner.lesson.Lesson;
import java.util.List;

/**
 * The answers of a small set, and how lessons vote for them.
 *
 * @param answers of each the newest lesson that gives it
 * @param labels which answer each voter has
 * @param ridge the votes
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
record Votes(List<Lesson> answers, int[] labels, Ridge ridge) {
    Votes {
        answers = List.copyOf(answers);
    }

    /** Share of lessons whose answer the others vote for. */
    double rightLeftOut() {
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += best(ridge.leftOut()[i]) == labels[i] ? 1 : 0;
        }
        return right / (double) labels.length;
    }

    /** Mean log-weight of the right answer by the others' votes: a proper score, to choose the temperature by. */
    double logWeightLeftOut(double temperature) {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            sum += Math.log(Math.max(weightLeftOut(i, temperature), 1e-9));
        }
        return sum / labels.length;
    }

    /** What the others give to voter {@code i}'s own answer. */
    double weightLeftOut(int i, double temperature) {
        return weights(ridge.leftOut()[i], temperature)[labels[i]];
    }

    /** Weights that sum to 1: softmax of {@code scores / temperature}. */
    static double[] weights(double[] scores, double temperature) {
        double most = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            most = Math.max(most, score);
        }
        var weights = new double[scores.length];
        double sum = 0;
        for (int a = 0; a < scores.length; a++) {
            weights[a] = Math.exp((scores[a] - most) / temperature);
            sum += weights[a];
        }
        for (int a = 0; a < scores.length; a++) {
            weights[a] /= sum;
        }
        return weights;
    }

    static int best(double[] scores) {
        int best = 0;
        for (int a = 1; a < scores.length; a++) {
            best = scores[a] > scores[best] ? a : best;
        }
        return best;
    }
}
