package dev.apprentice.learner.recall;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The familiarity gate: whether a request is of the kind that an instance's lessons are about. What is not gets the
 * bare base, so that a small base's other answers stay as they were (docs/learning.md; a router in the sense of WISE,
 * Wang et al. 2024, with the lessons themselves as its memory).
 *
 * <p>A logistic on {@link Features}: open where {@code bias + sum weight_k feature_k >= threshold}, and with few
 * lessons where nearly all words of one of them are said; shut to strangers where lessons are about their subjects.
 *
 * @param weights of the features, in their order
 * @param bias added
 * @param threshold from which on it opens
 * @param words from which {@link Features#coverage} on it opens in any case, or null
 * @param subjects whether {@link Features#stranger} shuts it
 * @param openShare share of the instance's own requests, each judged by the other lessons, that it lets through
 * @param closedShare share of general prompts that it keeps out
 */
public record Gate(
        List<Double> weights,
        double bias,
        double threshold,
        @Nullable Double words,
        boolean subjects,
        double openShare,
        double closedShare) {
    /** Lets everything through: of an adapter without lessons nobody knows what it is for. */
    public static final Gate OPEN = new Gate(List.of(0.0, 0.0, 0.0, 0.0, 0.0), 0, 0, null, false, 1, 0);

    public Gate {
        weights = List.copyOf(weights);
    }

    boolean opens(Features features) {
        return !(subjects && features.stranger())
                && (score(features) >= threshold || (words != null && features.coverage() >= words));
    }

    double score(Features features) {
        var values = features.values();
        double score = bias;
        for (int k = 0; k < values.length; k++) {
            score += weights.get(k) * values[k];
        }
        return score;
    }

    Gate at(double threshold) {
        return new Gate(weights, bias, threshold, words, subjects, openShare, closedShare);
    }

    Gate seen(double openShare, double closedShare) {
        return new Gate(weights, bias, threshold, words, subjects, openShare, closedShare);
    }

    /** The same, shut to strangers or not. */
    Gate with(boolean subjects) {
        return new Gate(weights, bias, threshold, words, subjects, openShare, closedShare);
    }
}
