package dev.apprentice.learner.recall;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What all comparisons with the lessons of one instance have in common: where their middle lies, and how much a word
 * says. Measured on all of them or, of many, on some that are spread evenly. Immutable.
 *
 * @param general what general prompts look like
 * @param mean the lessons' mean state, [layers, hidden]
 * @param lengths of its layers
 * @param middle the same as a point to see others from
 * @param amongLessons words weighted by their rarity among the lessons
 * @param amongAll the same among lessons and general prompts
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
record Ground(
        GeneralPrompts general,
        float[][] mean,
        double[] lengths,
        Centre middle,
        WordWeights amongLessons,
        WordWeights amongAll) {
    /** Measures {@code entries}, at least one. */
    static Ground of(List<Entry> entries, GeneralPrompts general) {
        var words = entries.stream().map(entry -> entry.question().words()).toList();
        var all = new ArrayList<Set<String>>();
        general.practice().forEach(probe -> all.add(probe.words()));
        all.addAll(words);
        var mean = Vectors.mean(
                entries.stream().map(entry -> entry.question().state()).toList());
        return new Ground(
                general, mean, Vectors.lengths(mean), new Centre(mean), new WordWeights(words), new WordWeights(all));
    }
}
