package dev.apprentice.server.bench.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One test of docs/benchmarks.md: a script that asks and teaches one arm. It must be the same script each time it runs
 * with the same seed and sizes, so that a {@link Logbook} can stand in for what was done already.
 */
interface JobExercise {
    /** By what it is asked for: the number of the test, or {@code public}. */
    String name();

    /** What is measured, in a line. */
    String title();

    /** Which figure counts when arms are compared. */
    String main(JobPlan.Sizes sizes);

    /** Why {@code arm} takes no part, or null where it does. */
    default @Nullable String without(Arm arm) {
        return null;
    }

    /** What {@code arm} is spared of these sizes, with the reason, or null where it does all of it. */
    default @Nullable String partly(Arm arm, JobPlan.Sizes sizes) {
        return null;
    }

    /** What of these sizes the script depends on: another value is another run. */
    Object key(JobPlan.Sizes sizes);

    /** Asks and teaches. */
    Run run(Sitting sitting) throws InterruptedException;

    /**
     * Who is asked, and how much.
     *
     * @param arm which way of learning
     * @param seed which draw of the job
     * @param sizes how large it is
     * @param subject who is asked and taught
     */
    record Sitting(Arm arm, long seed, JobPlan.Sizes sizes, Subject subject) {}

    /**
     * What was found.
     *
     * @param figures by name; one that was not reached, or that there is nothing of, is absent
     * @param curve shares right over the course of the test, empty where it has none
     */
    record Run(Map<String, Double> figures, List<Double> curve) {
        public Run {
            figures = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(figures));
            curve = List.copyOf(curve);
        }
    }
}
