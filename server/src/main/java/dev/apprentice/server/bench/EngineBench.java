package dev.apprentice.server.bench;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.Seams;
import dev.apprentice.server.Apprentice;
import dev.apprentice.server.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How fast a base answers and learns, in each arithmetic: the whole way from a prompt to its tokens, without a server
 * but where clients over HTTP are told of. The same on random weights of the shape of a half-billion model.
 */
final class EngineBench implements Benchmark {
    private final EnginePlan plan;

    EngineBench(EnginePlan plan) {
        this.plan = plan;
    }

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public String about() {
        return "tokens per second read, answered and trained on, and the wait for the first token, in each arithmetic";
    }

    @Override
    public List<Table> run(Terms terms) throws IOException, InterruptedException {
        Files.createDirectories(terms.folder());
        var folder = Files.createTempDirectory(terms.folder(), "engine");
        try {
            var run = new EngineRun(plan, terms);
            measure(run, "default", terms.model(), terms, folder.resolve("default"));
            if (plan.big()) {
                terms.progress().accept("writing random weights of the shape of Qwen2.5-0.5B");
                var big = folder.resolve("random-base");
                RandomBase.write(big, terms.model());
                measure(run, "0.5B random", big, terms, folder.resolve("big"));
            }
            return run.tables();
        } finally {
            Folders.delete(folder);
        }
    }

    private EngineSettings settings(Path model) {
        var usual = EngineSettings.of(model).on(plan.device());
        int most = plan.streams().stream().mapToInt(Integer::intValue).max().orElse(1);
        return usual.rows(Math.max(usual.maxRows(), most));
    }

    private void measure(EngineRun run, String base, Path model, Terms terms, Path folder)
            throws IOException, InterruptedException {
        for (var dtype : plan.dtypes()) {
            var place = Files.createDirectories(folder.resolve(dtype.name()));
            var seams = Seams.real();
            var flags = Map.of("listen.port", "0", "data", place.resolve("data").toString());
            var settings = Settings.read(null, System.getenv(), flags);
            terms.progress().accept("loading " + base + " in " + dtype);
            var engine = new ArrayList<Engine>();
            try (var server = Apprentice.open(
                    settings,
                    () -> {
                        engine.add(Engine.open(settings(model).with(dtype), seams));
                        return engine.getFirst();
                    },
                    seams)) {
                run.measure(base, dtype.name(), engine.getFirst(), server.port(), place);
            }
        }
    }
}
