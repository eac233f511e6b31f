package dev.apprentice.learner.recall;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How much a word says: the rarer among some texts, the more (inverse document frequency). Among the lessons, where the
 * job's own wrapping says nothing, and among lessons and general prompts, where it does. Immutable.
 */
final class WordWeights {
    private static final Comparator<String> BY_HASH =
            Comparator.<String>comparingInt(String::hashCode).thenComparing(Comparator.naturalOrder());

    private final Map<String, Weight> weights = new HashMap<>();
    private final Weight unknown;

    /** What a word weighs among the lessons and among all texts. */
    private record Weight(double amongLessons, double amongAll) {}

    /** Of the words of lessons and of general prompts. */
    WordWeights(Collection<Set<String>> lessons, Collection<Set<String>> general) {
        var own = counts(lessons);
        var others = counts(general);
        int all = lessons.size() + general.size();
        own.forEach((word, count) -> weights.put(
                word, new Weight(weight(count, lessons.size()), weight(count + others.getOrDefault(word, 0), all))));
        others.forEach((word, count) ->
                weights.computeIfAbsent(word, _ -> new Weight(weight(0, lessons.size()), weight(count, all))));
        unknown = new Weight(weight(0, lessons.size()), weight(0, all));
    }

    private static Map<String, Integer> counts(Collection<Set<String>> texts) {
        var counts = new HashMap<String, Integer>();
        texts.forEach(words -> words.forEach(word -> counts.merge(word, 1, Integer::sum)));
        return counts;
    }

    private static double weight(int texts, int all) {
        return Math.max(0, Math.log((all + 1) / (texts + 0.5)));
    }

    /** Weight of a word among all texts: 0 if every one has it, most if none has. */
    double of(String word) {
        return weights.getOrDefault(word, unknown).amongAll();
    }

    /** The words of one text with what each says, looked up once. */
    WeighedWords weigh(Set<String> words) {
        var sorted = words.toArray(String[]::new);
        Arrays.sort(sorted, BY_HASH);
        var hashes = new int[sorted.length];
        var squares = new double[sorted.length];
        var each = new double[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            var weight = weights.getOrDefault(sorted[i], unknown);
            hashes[i] = sorted[i].hashCode();
            squares[i] = weight.amongLessons() * weight.amongLessons();
            each[i] = weight.amongAll();
        }
        return new WeighedWords(
                sorted,
                hashes,
                squares,
                Arrays.stream(squares).sum(),
                each,
                Arrays.stream(each).sum(),
                unknown.amongAll());
    }
}
