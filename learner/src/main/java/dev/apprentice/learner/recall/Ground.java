package dev.apprentice.learner.recall;

import java.util.List;

/**
 * What all comparisons with the lessons of one instance have in common: where their middle lies, and how much a word
 * says. Measured on all of them or, of many, on some that are spread evenly. Immutable.
 *
 * @param general what general prompts look like
 * @param mean the lessons' mean state, [layers, hidden]
 * @param lengths of its layers
 * @param middle the same as a point to see others from
 * @param words weighted by their rarity among the lessons, and among lessons and general prompts
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
record Ground(GeneralPrompts general, float[][] mean, double[] lengths, Centre middle, WordWeights words) {
    /** Measures {@code entries}, at least one. */
    static Ground of(List<Entry> entries, GeneralPrompts general) {
        var words = entries.stream().map(entry -> entry.question().words()).toList();
        var others = general.practice().stream().map(Question::words).toList();
        var mean = Vectors.mean(
                entries.stream().map(entry -> entry.question().state()).toList());
        return new Ground(general, mean, Vectors.lengths(mean), new Centre(mean), new WordWeights(words, others));
    }
}
