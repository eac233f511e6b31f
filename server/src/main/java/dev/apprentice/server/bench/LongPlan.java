package dev.apprentice.server.bench;

import java.time.Duration;

/**
 * A long run under mixed load.
 *
 * @param rounds after each of them everybody rests, and memory is looked at
 * @param round how long a round takes
 * @param streams clients that read their answers to the end
 * @param leavers clients that go away in the middle
 * @param studyRows how many rows a step of the study has that goes on beside all this
 * @param studyTokens how many tokens a row has
 * @param lessons that are taught in each round, so that a whole study follows; 0: none
 */
record LongPlan(int rounds, Duration round, int streams, int leavers, int studyRows, int studyTokens, int lessons) {
    private static final Duration ROUND = Duration.ofMinutes(1);
    private static final int LEAST_ROUNDS = 3;

    /** One that takes {@code length}. */
    static LongPlan of(Duration length) {
        int rounds = (int) Math.max(LEAST_ROUNDS, length.dividedBy(ROUND));
        return new LongPlan(rounds, length.dividedBy(rounds), 4, 2, 16, 96, 8);
    }
}
