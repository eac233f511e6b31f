package dev.apprentice.server.bench;

/**
 * How large a {@link RecallBench} is.
 *
 * @param lessons in the index
 * @param warm look-ups before the first that is measured
 * @param added lessons, one by one, each found before the next
 * @param asked look-ups for each second that a measurement takes, and at least
 */
record RecallPlan(int lessons, int warm, int added, int asked) {
    /** What is measured usually, over {@code lessons}. */
    static RecallPlan of(int lessons) {
        return new RecallPlan(lessons, 300, 300, 500);
    }
}
