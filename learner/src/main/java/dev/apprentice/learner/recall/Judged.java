package dev.apprentice.learner.recall;

/**
 * A lesson as the others see it.
 *
 * @param entry the lesson
 * @param scores what the others' votes give to each answer
 * @param own which of the answers is its own; -1 if no other lesson gives it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
record Judged(Entry entry, double[] scores, int own) {
    /** Whether the others vote for its own answer. */
    boolean right() {
        return own >= 0 && Votes.best(scores) == own;
    }

    /** What the others give to its own answer. */
    double weight(double temperature) {
        return own < 0 ? 0 : Votes.weights(scores, temperature)[own];
    }
}
