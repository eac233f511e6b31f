package dev.apprentice.learner.recall;

import java.util.Set;

/**
 * The words of one text with what each says, in the order of their hashes, so that two texts are compared in one walk
 * through both.
 *
 * @param words each once
 * @param hashes of them, ascending
 * @param squares of their weights among the lessons
 * @param square the sum of those
 * @param each weight of each among all texts
 * @param all the sum of those
 * @param most the most that a word can weigh among all texts
 */
@SuppressWarnings("ArrayRecordComponent") // made for sums, and never compared
record WeighedWords(
        String[] words, int[] hashes, double[] squares, double square, double[] each, double all, double most) {
    /**
     * Cosine of two bags of words, each word counted once and by its weight among the lessons; 0 where nothing is
     * shared.
     */
    double overlap(WeighedWords other) {
        double shared = 0;
        int i = 0;
        int j = 0;
        while (i < hashes.length && j < other.hashes.length) {
            int order = Integer.compare(hashes[i], other.hashes[j]);
            order = order == 0 ? words[i].compareTo(other.words[j]) : order;
            shared += order == 0 ? squares[i] : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return shared == 0 ? 0 : shared / Math.sqrt(square * other.square);
    }

    /** Which share of their weight among all texts stands in {@code part}, too. */
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
