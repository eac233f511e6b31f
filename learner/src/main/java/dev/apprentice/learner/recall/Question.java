package dev.apprentice.learner.recall;

import java.util.Set;

/**
 * A request as recall sees it. Two are the same only if they are one object: a lesson is never compared with itself.
 */
final class Question {
    private final float[][] state;
    private final Set<String> words;

    /** With standardised hidden states, [layers, hidden], and words. */
    Question(float[][] state, Set<String> words) {
        this.state = state;
        this.words = Set.copyOf(words);
    }

    float[][] state() {
        return state;
    }

    Set<String> words() {
        return words;
    }
}
