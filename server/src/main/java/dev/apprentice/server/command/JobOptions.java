package dev.apprentice.server.command;

import dev.apprentice.server.bench.job.JobPlan;
import dev.apprentice.server.bench.job.JobPlan.Sizes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code bench job} may be told; each size by itself, so that a part of it can be run at any length. */
final class JobOptions {
    private static final Sizes FULL = Sizes.FULL;

    @Option(
            names = "--tests",
            split = ",",
            paramLabel = "N",
            description = "job: which tests: 1, 2, 3, 4, 5, 6, 7, 10, public (default: all).")
    private List<String> tests = new ArrayList<>();

    @Option(
            names = "--arms",
            split = ",",
            paramLabel = "ARM",
            description = "job: which arms: base, recall, weights, both, no-replay, reinforce, joint (default: all).")
    private List<String> arms = new ArrayList<>();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "job: draws of each job, each by all arms (default: ${DEFAULT-VALUE}).")
    private int seeds = JobPlan.FULL.seeds();

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            description = "job: where arms keep what they did; a later run goes on there (default: target/bench/job).")
    private @Nullable Path state;

    @Option(
            names = "--items",
            paramLabel = "N",
            description = "job 1: messages in each regime (default: ${DEFAULT-VALUE}).")
    private int items = FULL.regimeItems();

    @Option(names = "--regimes", paramLabel = "N", description = "job 1: regimes (default: ${DEFAULT-VALUE}).")
    private int regimes = FULL.regimes();

    @Option(
            names = "--study-every",
            paramLabel = "N",
            description = "job 1, public: messages between two studies (default: ${DEFAULT-VALUE}).")
    private int studyEvery = FULL.studyEvery();

    @Option(
            names = "--held-out",
            paramLabel = "N",
            description = "job 1: messages in wordings never taught, after each regime (default: ${DEFAULT-VALUE}).")
    private int heldOut = FULL.heldOut();

    @Option(
            names = "--facts",
            split = ",",
            paramLabel = "N",
            description = "job 2: how many facts, one size after the other (default: 10,100,1000).")
    private List<Integer> facts = new ArrayList<>();

    @Option(
            names = "--facts-study-every",
            paramLabel = "N",
            description = "job 2: facts between two studies (default: ${DEFAULT-VALUE}).")
    private int factsStudyEvery = FULL.factsStudyEvery();

    @Option(names = "--twins", paramLabel = "N", description = "job 3: near twins (default: ${DEFAULT-VALUE}).")
    private int twins = FULL.twins();

    @Option(names = "--tasks", paramLabel = "N", description = "job 4: permuted maps (default: ${DEFAULT-VALUE}).")
    private int tasks = FULL.tasks();

    @Option(names = "--symbols", paramLabel = "N", description = "job 4: size of a map (default: ${DEFAULT-VALUE}).")
    private int symbols = FULL.symbols();

    @Option(
            names = "--drilled",
            paramLabel = "N",
            description = "job 5, 7, 10: lessons taught before anything is measured (default: ${DEFAULT-VALUE}).")
    private int drilled = FULL.drilled();

    @Option(
            names = "--questions",
            paramLabel = "N",
            description = "job 5: questions of each in-context probe (default: ${DEFAULT-VALUE}).")
    private int questions = FULL.questions();

    @Option(names = "--episodes", paramLabel = "N", description = "job 6: episodes (default: ${DEFAULT-VALUE}).")
    private int episodes = FULL.episodes();

    @Option(
            names = "--episodes-study-every",
            paramLabel = "N",
            description = "job 6: episodes between two studies (default: ${DEFAULT-VALUE}).")
    private int episodesStudyEvery = FULL.episodesStudyEvery();

    @Option(
            names = "--outcomes",
            split = ",",
            paramLabel = "N",
            description = "job 7: graded answers after which calibration is measured (default: 200,1000).")
    private List<Integer> outcomes = new ArrayList<>();

    @Option(
            names = "--judged",
            paramLabel = "N",
            description = "job 7: answers that it is measured on (default: ${DEFAULT-VALUE}).")
    private int judged = FULL.judged();

    @Option(
            names = "--public",
            paramLabel = "N",
            description = "job public: items of the public stream (default: ${DEFAULT-VALUE}).")
    private int publicItems = FULL.publicItems();

    /** What follows from that; {@code seconds} is how long serving is timed each time. */
    JobPlan plan(double seconds) {
        var sizes = new Sizes(
                items,
                regimes,
                studyEvery,
                heldOut,
                facts.isEmpty() ? FULL.facts() : facts,
                factsStudyEvery,
                twins,
                tasks,
                symbols,
                drilled,
                questions,
                episodes,
                episodesStudyEvery,
                outcomes.isEmpty() ? FULL.outcomes() : outcomes,
                judged,
                publicItems,
                Duration.ofMillis((long) Math.ceil(seconds * 1000)));
        return new JobPlan(tests, arms, seeds, sizes, state);
    }
}
