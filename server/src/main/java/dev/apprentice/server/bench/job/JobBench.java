package dev.apprentice.server.bench.job;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.server.Settings;
import dev.apprentice.server.bench.Benchmark;
import dev.apprentice.server.bench.Table;
import dev.apprentice.server.bench.job.JobExercise.Sitting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether it learns on the job: the tests of docs/benchmarks.md, arm by arm and seed by seed. */
public final class JobBench implements Benchmark {
    private final JobPlan plan;

    /** Of these sizes. */
    public JobBench(JobPlan plan) {
        this.plan = plan;
    }

    @Override
    public String name() {
        return "job";
    }

    @Override
    public String about() {
        return "whether it learns on the job: eight tests and a stream of real text, by seven arms";
    }

    @Override
    public boolean onlyByName() {
        return true;
    }

    @Override
    public List<Table> run(Terms terms) throws IOException, InterruptedException {
        var wished = plan.state();
        var folder = Files.createDirectories(wished == null ? terms.folder().resolve("job") : wished);
        var settings = Settings.read(null, System.getenv(), Map.of("listen.port", "0"))
                .engine()
                .of(terms.model());
        var tables = new ArrayList<Table>();
        try (var house = new House(settings, folder)) {
            for (var test : tests(folder)) {
                var summary = new Summary(test, plan.sizes());
                for (var arm : Arm.of(plan.arms())) {
                    var reason = test.without(arm);
                    if (reason != null) {
                        summary.without(arm, reason);
                        continue;
                    }
                    var part = test.partly(arm, plan.sizes());
                    if (part != null) {
                        summary.without(arm, part);
                    }
                    for (long seed = 1; seed <= plan.seeds(); seed++) {
                        terms.progress().accept("test " + test.name() + ", " + arm.word() + ", seed " + seed);
                        run(test, arm, seed, summary, house, settings, folder);
                    }
                }
                tables.addAll(summary.tables());
                Plots.write(summary, folder);
                terms.progress().accept("test " + test.name() + ": plots are in " + folder);
            }
        }
        return tables;
    }

    private void run(
            JobExercise test, Arm arm, long seed, Summary summary, House house, EngineSettings settings, Path folder)
            throws IOException, InterruptedException {
        var own =
                folder.resolve("test-" + test.name() + "-" + arm.word() + "-seed-" + seed + "-" + mark(test, settings));
        var log = new Logbook(own);
        var data = own.resolve("data");
        try (var subject = arm == Arm.REINFORCE
                ? new Reinforced(house, data, seed, log)
                : new Apprenticed(arm, house, data, seed, log)) {
            summary.add(arm, seed, test.run(new Sitting(arm, seed, plan.sizes(), subject)));
        }
    }

    /** Eight letters that change with whatever makes another run of the same test. */
    private String mark(JobExercise test, EngineSettings settings) {
        var what = test.key(plan.sizes()) + " " + settings.model().getFileName() + " " + settings.dtype();
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(what.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private List<JobExercise> tests(Path folder) {
        var all = List.of(
                StreamExercise.clerk(),
                new FactsExercise(),
                new TwinsExercise(),
                new MapsExercise(),
                new ProbesExercise(),
                new EpisodesExercise(),
                new CalibrationExercise(),
                new ServingExercise(),
                StreamExercise.published(new PublicStream(folder)));
        for (var wanted : plan.tests()) {
            if (all.stream().noneMatch(test -> test.name().equals(wanted))) {
                var expected = all.stream().map(JobExercise::name).collect(Collectors.joining(", "));
                throw new InvalidRequestException(
                        "bad_test", "there is no test '" + wanted + "'", Fault.of("tests", expected, wanted));
            }
        }
        return all.stream()
                .filter(test -> plan.tests().isEmpty() || plan.tests().contains(test.name()))
                .toList();
    }
}
