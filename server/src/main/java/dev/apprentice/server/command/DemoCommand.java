package dev.apprentice.server.command;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.server.Apprentice;
import dev.apprentice.server.Settings;
import dev.apprentice.server.demo.Demonstration;
import dev.apprentice.server.http.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: a scripted person teaches a fresh instance a made-up job; shows how it grows. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "A scripted clerk teaches a fresh instance a made-up job and draws how it grows.",
        footer = {
            "",
            "Without --url it starts a server of its own on a free port, with data that it throws away afterwards.",
            "Every figure is measured in the run. On two cores a job takes some minutes."
        })
final class DemoCommand implements Callable<Integer> {
    private final Surroundings around;

    @Spec
    private picocli.CommandLine.Model.@Nullable CommandSpec spec;

    @Option(names = "--job", paramLabel = "JOB", description = "clerk, orders or all (default: ${DEFAULT-VALUE}).")
    private String job = "all";

    @Option(names = "--url", paramLabel = "URL", description = "Teach on this running server instead of an own one.")
    private @Nullable URI url;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Base model of the own server (default: smollm2-135m).")
    private @Nullable String model;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to FILE.")
    private @Nullable Path json;

    DemoCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        var jobs = job.equals("all") ? Demonstration.jobs() : List.of(job);
        if (!Demonstration.jobs().containsAll(jobs)) {
            throw new ParameterException(
                    java.util.Objects.requireNonNull(spec).commandLine(),
                    "--job: expected all or one of " + String.join(", ", Demonstration.jobs()) + ", found " + job);
        }
        var figures = url == null ? onOwnServer(jobs) : play(url, jobs);
        if (json != null) {
            Files.write(json, Wire.bytes(figures));
        }
        return ExitCode.OK;
    }

    private Map<String, Object> onOwnServer(List<String> jobs) throws InterruptedException, IOException {
        var data = Files.createTempDirectory("apprentice-demo");
        for (var handler : LogManager.getLogManager().getLogger("").getHandlers()) {
            handler.setLevel(Level.WARNING); // a demonstration shows its own lines only
        }
        try (var own = open(data)) {
            return play(URI.create("http://127.0.0.1:" + own.port()), jobs);
        } finally {
            delete(data);
        }
    }

    private Apprentice open(Path data) {
        var flags = new LinkedHashMap<>(Map.of("listen.port", "0", "data", data.toString()));
        if (model != null) {
            flags.put("model", model);
        }
        var settings = Settings.read(null, around.environment(), flags);
        var files = around.modelStore(settings.home()).resolve(settings.model());
        return Apprentice.open(settings, files, around.seams());
    }

    private Map<String, Object> play(URI server, List<String> jobs) throws InterruptedException {
        var demonstration = new Demonstration(
                server, around.seams().clock(), line -> around.out().println(line));
        var figures = new LinkedHashMap<String, Object>();
        for (var name : jobs) {
            var outcome = demonstration.play(name, around.seams().ids().get().substring(0, 6));
            around.out().println();
            outcome.chart().forEach(around.out()::println);
            around.out().println();
            figures.put(name, outcome.growth());
        }
        return figures;
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file :
                    new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList())) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new FailedException(
                    "demo_not_cleaned", "could not delete " + folder + ": " + e.getMessage(), Fault.NONE, e);
        }
    }
}
