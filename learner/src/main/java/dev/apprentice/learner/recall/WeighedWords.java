package dev.apprentice.learner.recall;

import java.util.Arrays;
import java.util.Set;

/**
 * The words of one text with what each says, looked up once.
 *
 * @param words each once
 * @param each weight of each
 * @param all weight of all
 * @param most the most that a word can weigh
 */
@SuppressWarnings("ArrayRecordComponent") // made for sums, and never compared
record WeighedWords(String[] words, double[] each, double all, double most) {
    static WeighedWords of(Set<String> words, WordWeights weights) {
        var array = words.toArray(String[]::new);
        var each = Arrays.stream(array).mapToDouble(weights::of).toArray();
        return new WeighedWords(array, each, Arrays.stream(each).sum(), weights.most());
    }

    /** Which share of their weight stands in {@code part}, too. */
    double coverage(Set<String> part) {
        double found = 0;
        for (int i = 0; i < words.length; i++) {
            found += part.contains(words[i]) ? each[i] : 0;
        }
        return all == 0 ? 0 : found / all;
    }

    /** Weight of the rarest word that stands in {@code others}, too, as a share of the most a word can have. */
    double rarest(Set<String> others) {
        double rarest = 0;
        for (int i = 0; i < words.length; i++) {
            rarest = each[i] > rarest && others.contains(words[i]) ? each[i] : rarest;
        }
        return rarest / most;
    }
}
