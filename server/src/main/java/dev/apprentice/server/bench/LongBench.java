package dev.apprentice.server.bench;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.Seams;
import dev.apprentice.server.Apprentice;
import dev.apprentice.server.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether memory stays as it is however long a server works: rounds of streams, of clients that leave, of swaps, of
 * prompts that are too long and of studies, and after each a look at what is held when everybody rests.
 */
final class LongBench implements Benchmark {
    private final LongPlan plan;

    LongBench(LongPlan plan) {
        this.plan = plan;
    }

    @Override
    public String name() {
        return "long";
    }

    @Override
    public String about() {
        return "memory over a long run of streams, leavers, swaps, prompts that are too long, and studies";
    }

    @Override
    public boolean onlyByName() {
        return true;
    }

    @Override
    public List<Table> run(Terms terms) throws IOException, InterruptedException {
        Files.createDirectories(terms.folder());
        var folder = Files.createTempDirectory(terms.folder(), "long");
        try {
            var seams = Seams.real();
            var flags =
                    Map.of("listen.port", "0", "data", folder.resolve("data").toString());
            var settings = Settings.read(null, System.getenv(), flags);
            var engine = new ArrayList<Engine>();
            try (var server = Apprentice.open(
                    settings,
                    () -> {
                        engine.add(Engine.open(settings.engine().of(terms.model()), seams));
                        return engine.getFirst();
                    },
                    seams)) {
                var run = new LongRun(plan, server, folder);
                for (int round = 1; round <= plan.rounds(); round++) {
                    terms.progress().accept("round " + round + " of " + plan.rounds());
                    run.round(round);
                }
                return run.tables();
            }
        } finally {
            Folders.delete(folder);
        }
    }
}
