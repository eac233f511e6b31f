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
            "docs/benchmarks.md says what each figure means. Nothing else should run meanwhile."
        })
final class BenchCommand implements Callable<Integer> {
    private static final double MILLIS = 1000;

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
        var all = Benchmark.all();
        var chosen = all.stream()
                .filter(benchmark -> name == null || benchmark.name().equals(name))
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
