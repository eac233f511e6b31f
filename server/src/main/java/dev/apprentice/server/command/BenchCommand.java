package dev.apprentice.server.command;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.server.Settings;
import dev.apprentice.server.bench.Benchmark;
import dev.apprentice.server.bench.Host;
import dev.apprentice.server.bench.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: measures the program on this machine; tables to the terminal, JSON to a file. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures on this machine: a table to the terminal, JSON to a file.",
        footer = {
            "",
            "api: the server's own time per request, memory per stream and feedback per second, without a model.",
            "engine: tokens per second read, answered and trained on, in each arithmetic, and the wait for the first.",
            "recall: look-ups among many lessons, how soon a new one is found, disk and heap.",
            "long (only by name): memory over half an hour of streams, leavers, swaps and studies.",
            "job (only by name): whether it learns on the job, by seven arms; goes on where it was when started again.",
            "docs/benchmarks.md says what each figure means. Nothing else should run meanwhile."
        })
final class BenchCommand implements Callable<Integer> {
    private static final double MILLIS = 1000;
    private static final double MILLIS_A_MINUTE = 60 * MILLIS;
    private static final int MINUTES_MAX = 10_080;

    private final Surroundings around;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "What to measure (default: all there is).")
    private @Nullable String name;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Where the figures go (default: target/bench/NAME.json).")
    private @Nullable Path json;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each measurement takes (default: ${DEFAULT-VALUE}).")
    private double seconds = 3;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long the long run takes (default: ${DEFAULT-VALUE}).")
    private double minutes = 30;

    @Option(
            names = "--lessons",
            paramLabel = "N",
            description = "recall: how many lessons its index has (default: ${DEFAULT-VALUE}).")
    private int lessons = 10_000;

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private JobOptions job = new JobOptions();

    BenchCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        var chosen = chosen();
        if (!(seconds > 0 && seconds <= 3600)) {
            throw wrong("--seconds: expected above 0, up to 3600, found " + seconds);
        }
        if (json != null && chosen.size() > 1) {
            throw wrong("--json: expected one NAME beside it, found none");
        }
        if (lessons < 1_000 || lessons > 10_000_000) {
            throw wrong("--lessons: expected from 1000 to 10000000, found " + lessons);
        }
        var settings = Settings.read(null, around.environment(), Map.of());
        var model = around.modelStore(settings.home()).resolve(settings.model());
        for (var benchmark : chosen) {
            var file = json == null ? folder().resolve(benchmark.name() + ".json") : json;
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            var outcome = run(benchmark, model);
            Files.write(file, outcome.json());
            outcome.lines().forEach(around.out()::println);
            around.err().println("apprentice: the figures are in " + file);
        }
        return ExitCode.OK;
    }

    private List<Benchmark> chosen() {
        if (!(minutes > 0 && minutes <= MINUTES_MAX)) {
            throw wrong("--minutes: expected above 0, up to " + MINUTES_MAX + ", found " + minutes);
        }
        engine.fault().ifPresent(fault -> {
            throw wrong(fault);
        });
        var length = Duration.ofMillis((long) Math.ceil(minutes * MILLIS_A_MINUTE));
        var all = Benchmark.all(length, lessons, engine.plan(), job.plan(seconds));
        var chosen = all.stream()
                .filter(benchmark -> name == null
                        ? !benchmark.onlyByName()
                        : benchmark.name().equals(name))
                .toList();
        if (chosen.isEmpty()) {
            throw wrong("there is no benchmark '" + name + "'; there are: "
                    + all.stream().map(Benchmark::name).collect(Collectors.joining(", ")));
        }
        return chosen;
    }

    private Outcome run(Benchmark benchmark, Path model) throws InterruptedException {
        var began = around.seams().clock().instant();
        var window = Duration.ofMillis((long) Math.ceil(seconds * MILLIS));
        var host = Host.here();
        try {
            var tables = benchmark.run(new Benchmark.Terms(
                    model, folder(), window, line -> around.err().println("bench " + benchmark.name() + ": " + line)));
            return new Outcome(benchmark.name(), began, commit(), window.toMillis(), host, tables);
        } catch (IOException e) {
            throw new FailedException("bench_failed", "could not measure: " + e.getMessage(), Fault.NONE, e);
        }
    }

    private Path folder() {
        return (around.root() == null ? Path.of("") : around.root()).resolve("target/bench");
    }

    /** What the checkout stands at, with a mark where something in it was changed since. */
    private String commit() throws IOException, InterruptedException {
        if (around.root() == null) {
            return "unknown";
        }
        try {
            var git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12", "--match=")
                    .directory(around.root().toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 && !said.isEmpty() ? said : "unknown";
        } catch (IOException e) { // no git here, or no checkout
            return "unknown";
        }
    }

    private ParameterException wrong(String reason) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), reason);
    }
}
