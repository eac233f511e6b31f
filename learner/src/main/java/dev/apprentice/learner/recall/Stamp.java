package dev.apprentice.learner.recall;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What the vectors of an index were made by. Vectors of two stamps cannot be compared, so an index has those of one,
 * and each vector lies in a field that bears it.
 *
 * @param base SHA-256 of the base
 * @param dtype of its arithmetic: hidden states differ a little by it
 * @param layers whose states they are
 * @param tokens how many of a prompt's last tokens were looked at
 * @param probes what states are measured by: the general prompts' own
 */
record Stamp(String base, String dtype, List<Integer> layers, int tokens, String probes) {
    /** Of the folder's layout and everything else that is made here: the projection, the words, what an answer is. */
    private static final int FORMAT = 1;

    private static final int DIGITS = 16;

    Stamp {
        layers = List.copyOf(layers);
    }

    /** One text for it. */
    String text() {
        var depth = layers.stream().map(String::valueOf).collect(Collectors.joining("+"));
        return String.join("-", cut(base), dtype, depth, Integer.toString(tokens), cut(probes), "v" + FORMAT);
    }

    private static String cut(String digest) {
        return digest.substring(0, Math.min(DIGITS, digest.length()));
    }
}
