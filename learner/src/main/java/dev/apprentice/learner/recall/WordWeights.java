package dev.apprentice.learner.recall;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How much a word says: the rarer among some texts, the more (inverse document frequency). */
final class WordWeights {
    private final Map<String, Integer> texts;
    private final int count;

    WordWeights(Collection<Set<String>> documents) {
        texts = new HashMap<>();
        documents.forEach(words -> words.forEach(word -> texts.merge(word, 1, Integer::sum)));
        count = documents.size();
    }

    /** Weight of a word: 0 if every text has it, most if none has. */
    double of(String word) {
        return Math.max(0, Math.log((count + 1) / (texts.getOrDefault(word, 0) + 0.5)));
    }

    /** The weight of a word that stands in no text. */
    double most() {
        return of("");
    }

    /** Cosine of two bags of words, each word counted once and by its weight; 0 where nothing is shared. */
    double overlap(Set<String> a, Set<String> b) {
        double shared = 0;
        for (var word : a.size() < b.size() ? a : b) {
            if (a.contains(word) && b.contains(word)) {
                shared += square(of(word));
            }
        }
        return shared == 0 ? 0 : shared / Math.sqrt(norm(a) * norm(b));
    }

    /** Which share of {@code whole}'s weight stands in {@code part}, too. */
    double coverage(Set<String> whole, Set<String> part) {
        double all = 0;
        double found = 0;
        for (var word : whole) {
            all += of(word);
            found += part.contains(word) ? of(word) : 0;
        }
        return all == 0 ? 0 : found / all;
    }

    /** Weight of the rarest word that both have, as a share of the most a word can have. */
    double rarest(Set<String> a, Set<String> b) {
        return a.stream().filter(b::contains).mapToDouble(this::of).max().orElse(0) / most();
    }

    private double norm(Set<String> words) {
        return words.stream().mapToDouble(word -> square(of(word))).sum();
    }

    private static double square(double x) {
        return x * x;
    }
}
