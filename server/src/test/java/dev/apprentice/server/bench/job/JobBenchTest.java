package dev.apprentice.server.bench.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.server.bench.Benchmark;
import dev.apprentice.server.bench.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole benchmark of learning on a tiny random model, as small as it can be: every arm of every test is run or says
 * why not, and a run that was cut off goes on. How much is learnt is not asked.
 */
class JobBenchTest {
    private static final Path TINY = Path.of("../engine/src/test/resources/reference/llama-tied/model");
    private static final List<String> OTHERS = List.of("2", "3", "4", "5", "6", "7", "10");

    @TempDir
    private Path folder;

    @TempDir
    private Path model;

    private final List<String> progress = new ArrayList<>();

    /** The choice of a kernel is kept beside a model, so it must lie where that may be written. */
    @BeforeEach
    void copyModel() throws IOException {
        try (var files = Files.list(TINY)) {
            for (var file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void everyArmIsReportedWithFiguresAndPictures() throws Exception {
        var tables = run(List.of("1"), List.of());

        assertThat(table(tables, "job_1").rows())
                .extracting(row -> row.get("arm"))
                .containsExactly("base", "recall", "weights", "both", "no-replay", "reinforce", "joint");
        reported(tables, "1");
        assertThat(table(tables, "job_1_against").rows()).hasSize(6);
        assertThat(folder.resolve("job-1-course.svg"))
                .content()
                .startsWith("<svg ")
                .contains("<polyline ");
        assertThat(folder.resolve("job-1-accuracy.svg")).content().contains("<rect ");
    }

    @Test
    void everyOtherTestIsRunOrSaysWhyNotAndNothingIsDoneTwice() throws Exception {
        var arms = List.of("both", "reinforce");

        var tables = run(OTHERS, arms);

        OTHERS.forEach(test -> reported(tables, test));
        var kept = logs();
        assertThat(run(OTHERS, arms)).isEqualTo(tables);
        assertThat(logs()).isEqualTo(kept);
    }

    private static void reported(List<Table> tables, String test) {
        assertThat(table(tables, "job_" + test).rows())
                .allSatisfy(row -> assertThat(Objects.equals(row.get("seeds"), "1")
                                || String.valueOf(row.get("note")).startsWith("left out: "))
                        .as("%s", row)
                        .isTrue());
        assertThat(table(tables, "job_" + test + "_runs").rows())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.values().stream()
                                .filter(Double.class::isInstance)
                                .map(Double.class::cast))
                        .as("%s", row)
                        .isNotEmpty()
                        .allMatch(Double::isFinite));
    }

    @Test
    void aRunThatWasStoppedGoesOnWhereItWas() throws Exception {
        var stopped = new Thread(() -> {
            try {
                run(List.of("1"), List.of("both"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // as it should
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        stopped.start();
        while (stopped.isAlive() && lines() < 9) {
            stopped.join(5);
        }
        stopped.interrupt();
        stopped.join();
        var before = logs();

        var tables = run(List.of("1"), List.of("both"));

        assertThat(logs())
                .allSatisfy((file, lines) -> assertThat(lines)
                        .as("what was done is done")
                        .startsWith(Objects.requireNonNull(before.get(file)).toArray(new String[0]))
                        .hasSizeGreaterThan(
                                Objects.requireNonNull(before.get(file)).size()));
        assertThat(table(tables, "job_1").rows())
                .extracting(row -> row.get("seeds"))
                .containsExactly("1");
    }

    private long lines() throws IOException {
        return logs().values().stream().mapToLong(List::size).sum();
    }

    private List<Table> run(List<String> tests, List<String> arms) throws IOException, InterruptedException {
        var plan = new JobPlan(tests, arms, 1, JobPlan.Sizes.SMOKE, folder);
        var terms = new Benchmark.Terms(model, folder, Duration.ofMillis(1), progress::add);
        return new JobBench(plan).run(terms);
    }

    private Map<Path, List<String>> logs() throws IOException {
        var journals = new TreeMap<Path, List<String>>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(it -> it.endsWith("log.jsonl")).toList()) {
                journals.put(file, Files.readAllLines(file));
            }
        }
        return journals;
    }

    private static Table table(List<Table> tables, String name) {
        return tables.stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
