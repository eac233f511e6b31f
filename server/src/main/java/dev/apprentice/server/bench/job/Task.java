package dev.apprentice.server.bench.job;

import dev.apprentice.learner.instance.Match;
import dev.apprentice.learner.lesson.Right;

/**
 * A question with its right answer.
 *
 * @param question as it is asked
 * @param answer as it should be answered
 */
record Task(String question, String answer) {
    /** Equal but for case, white space and final punctuation, as {@code docs/learning.md} counts. */
    boolean right(String said) {
        return Right.holds(Match.EXACT, said, answer);
    }
}
