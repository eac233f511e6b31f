package dev.apprentice.learner.recall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The answers of some lessons, and how they vote for them.
 *
 * @param voters who votes
 * @param answers of each answer the newest lesson that gives it
 * @param labels which answer each voter has
 * @param ridge the votes
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
record Votes(List<Entry> voters, List<Entry> answers, int[] labels, Ridge ridge) {
    Votes {
        voters = List.copyOf(voters);
        answers = List.copyOf(answers);
    }

    /** Lets {@code voters}, oldest first, vote; {@code kernel} says how similar each is to each. */
    static Votes of(List<Entry> voters, double[][] kernel, double ridge) {
        var known = new LinkedHashMap<String, Integer>();
        var newest = new ArrayList<Entry>();
        var labels = new int[voters.size()];
        for (int i = 0; i < labels.length; i++) {
            Integer label = known.putIfAbsent(voters.get(i).answer(), newest.size());
            if (label == null) {
                labels[i] = newest.size();
                newest.add(voters.get(i));
            } else {
                labels[i] = label;
                newest.set(label, voters.get(i)); // the newest way of writing it
            }
        }
        return new Votes(voters, newest, labels, Ridge.fit(kernel, labels, newest.size(), ridge));
    }

    /** Whether {@code voters} answer from a small set: at most half as many answers as lessons. */
    static boolean small(List<Entry> voters) {
        return 2 * voters.stream().map(Entry::answer).distinct().count() <= voters.size();
    }

    /** Each voter as the others see it. */
    List<Judged> leftOut() {
        var judged = new ArrayList<Judged>();
        for (int i = 0; i < labels.length; i++) {
            judged.add(new Judged(voters.get(i), ridge.leftOut()[i], labels[i]));
        }
        return judged;
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
