package dev.apprentice.server.bench.job;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, and how much of it.
 *
 * @param tests names of the tests, as {@link JobExercise#name}; none means all
 * @param arms who takes part; none means all
 * @param seeds how many draws of each job, from seed 1 on
 * @param sizes how large the jobs are
 * @param state where arms keep what they have learnt and done, so that a later run goes on; null is beside the figures
 */
public record JobPlan(
        List<String> tests,
        List<String> arms,
        int seeds,
        Sizes sizes,
        @Nullable Path state) {

    /**
     * How large the jobs are.
     *
     * @param regimeItems messages in each of the clerk's regimes
     * @param regimes how often what is right changes, and once more
     * @param studyEvery messages between two studies
     * @param heldOut messages in held-out wordings that are asked after each regime
     * @param facts how many facts are taught, one size after the other
     * @param factsStudyEvery facts between two studies
     * @param twins pairs of near-twin questions
     * @param tasks permuted maps that are learnt one after the other
     * @param symbols of each map
     * @param drilled lessons that are taught before the probes, before outcomes and before serving is timed
     * @param questions of each in-context probe
     * @param episodes that are played
     * @param episodesStudyEvery episodes between two studies
     * @param outcomes after how many graded answers the judgement is looked at, ascending
     * @param judged answers that it is then tried on
     * @param publicItems items of the public stream
     * @param window how long serving is timed each time
     */
    public record Sizes(
            int regimeItems,
            int regimes,
            int studyEvery,
            int heldOut,
            List<Integer> facts,
            int factsStudyEvery,
            int twins,
            int tasks,
            int symbols,
            int drilled,
            int questions,
            int episodes,
            int episodesStudyEvery,
            List<Integer> outcomes,
            int judged,
            int publicItems,
            Duration window) {
        /** As docs/benchmarks.md has them. */
        public static final Sizes FULL = new Sizes(
                80,
                3,
                20,
                40,
                List.of(10, 100, 1000),
                100,
                24,
                10,
                8,
                24,
                20,
                200,
                20,
                List.of(200, 1000),
                200,
                1000,
                Duration.ofSeconds(30));

        /** So small that it says nothing of how well anything is learnt. */
        public static final Sizes SMOKE =
                new Sizes(4, 2, 4, 2, List.of(4), 4, 1, 2, 2, 4, 2, 2, 2, List.of(4), 4, 4, Duration.ofMillis(300));

        public Sizes {
            facts = facts.stream().sorted().toList();
            outcomes = outcomes.stream().sorted().toList();
            least("items", 1, regimeItems);
            least("regimes", 1, regimes);
            least("study-every", 1, studyEvery);
            least("held-out", 0, heldOut);
            facts.forEach(count -> least("facts", 1, count));
            least("facts-study-every", 1, factsStudyEvery);
            least("twins", 1, twins);
            least("tasks", 2, tasks);
            least("symbols", 2, symbols);
            least("drilled", 1, drilled);
            least("questions", 1, questions);
            least("episodes", 1, episodes);
            least("episodes-study-every", 1, episodesStudyEvery);
            outcomes.forEach(count -> least("outcomes", 1, count));
            least("judged", 1, judged);
            least("public", 1, publicItems);
        }
    }

    private static void least(String flag, int least, int found) {
        if (found < least) {
            throw new InvalidRequestException(
                    "bad_size",
                    "--" + flag + ": expected at least " + least + ", found " + found,
                    Fault.of(flag, "at least " + least, Integer.toString(found)));
        }
    }

    /** All tests and arms in the sizes of docs/benchmarks.md. */
    public static final JobPlan FULL = new JobPlan(List.of(), List.of(), 3, Sizes.FULL, null);

    public JobPlan {
        least("seeds", 1, seeds);
        tests = List.copyOf(tests);
        arms = List.copyOf(arms);
    }
}
