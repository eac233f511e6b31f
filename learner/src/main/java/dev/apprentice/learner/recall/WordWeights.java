package dev.apprentice.learner.recall;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How much a word says: the rarer among some texts, the more (inverse document frequency). */
final class WordWeights {
    private final Map<String, Double> weights = new HashMap<>();
    private final double most;

    WordWeights(Collection<Set<String>> documents) {
        var texts = new HashMap<String, Integer>();
        documents.forEach(words -> words.forEach(word -> texts.merge(word, 1, Integer::sum)));
        texts.forEach((word, count) -> weights.put(word, weight(count, documents.size())));
        most = weight(0, documents.size());
    }

    private static double weight(int texts, int all) {
        return Math.max(0, Math.log((all + 1) / (texts + 0.5)));
    }

    /** Weight of a word: 0 if every text has it, most if none has. */
    double of(String word) {
        return weights.getOrDefault(word, most);
    }

    /** The weight of a word that stands in no text. */
    double most() {
        return most;
    }

    /** A bag of words, to be compared with many others. */
    Bag bag(Set<String> words) {
        var each = words.toArray(String[]::new);
        var squares =
                Arrays.stream(each).mapToDouble(word -> of(word) * of(word)).toArray();
        return new Bag(words, each, squares, Arrays.stream(squares).sum());
    }

    /**
     * Words, each once.
     *
     * @param set they
     * @param words they in some order
     * @param squares of their weights
     * @param square of the bag's length
     */
    @SuppressWarnings("ArrayRecordComponent") // made for sums, and never compared
    record Bag(Set<String> set, String[] words, double[] squares, double square) {
        /** Cosine of two bags, each word counted once and by its weight; 0 where nothing is shared. */
        double overlap(Bag other) {
            if (words.length > other.words.length) {
                return other.overlap(this);
            }
            double shared = 0;
            for (int i = 0; i < words.length; i++) {
                shared += other.set.contains(words[i]) ? squares[i] : 0;
            }
            return shared == 0 ? 0 : shared / Math.sqrt(square * other.square);
        }
    }
}
