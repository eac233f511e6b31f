package dev.apprentice.server.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.hub.KnownModels;
import dev.apprentice.engine.model.hub.ModelStore;
import dev.apprentice.engine.model.hub.Progress;
import dev.apprentice.engine.model.hub.StoreSettings;
import dev.apprentice.server.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole run of the benchmark, as small as it can be: its figures are there and can be, how good they are is not told.
 */
class ApiBenchServerTest {
    private static final ApiPlan SMALL = new ApiPlan(1, 1, List.of(1, 4), 50, 4, 20, List.of(2));

    @Test
    void everyDoorAndEveryStoreIsMeasured(@TempDir Path folder) throws Exception {
        var progress = new ArrayList<String>();
        var terms = new Benchmark.Terms(model(), folder, Duration.ofMillis(100), progress::add);

        var tables = new ApiBench(SMALL).run(terms);

        var outcome = new Outcome(
                "api", Seams.real().clock().instant(), "unknown", terms.window().toMillis(), Host.here(), tables);
        var json = Json.strict().readTree(outcome.json());
        assertThat(json.path("host").path("cores").intValue()).isPositive();
        assertThat(json.path("window_ms").intValue()).isEqualTo(100);
        int stores = Files.isWritable(Path.of("/dev/shm")) ? 2 : 1;
        var figures = json.path("tables");
        var closed = rows(figures, "closed_loop", Door.values().length * 2 * stores);
        var open = rows(figures, "open_loop", 1 + Door.values().length * stores);
        var feedback = rows(figures, "feedback", 2 * stores);
        for (var rows : List.of(open, closed, feedback)) {
            assertThat(rows).allSatisfy(ApiBenchServerTest::isSane);
        }
        var idle = rows(figures, "idle_streams", 1).path(0);
        assertThat(idle.path("streams").intValue()).isEqualTo(20);
        assertThat(idle.path("heap_mib_with_them").doubleValue()).isPositive();
        assertThat(progress).isNotEmpty();
        assertThat(outcome.lines()).anyMatch(line -> line.startsWith("| HTTP, streamed"));
        assertThat(folder).as("what the servers wrote is gone").isEmptyDirectory();
    }

    private static JsonNode rows(JsonNode figures, String table, int count) {
        assertThat(figures.path(table)).as(table).hasSize(count);
        return figures.path(table);
    }

    private static void isSane(JsonNode row) {
        assertThat(row.path("per_second").doubleValue()).as("%s", row).isPositive();
        assertThat(row.path("p50_ms").doubleValue()).as("%s", row).isPositive();
        assertThat(row.path("p99_ms").doubleValue())
                .as("%s", row)
                .isGreaterThanOrEqualTo(row.path("p50_ms").doubleValue());
    }

    private static Path model() {
        var settings = Settings.read(null, System.getenv(), Map.of());
        var known = KnownModels.bundled();
        var store = StoreSettings.of(known, System.getenv()).at(settings.home());
        return new ModelStore(store, Seams.real(), Progress.SILENT).resolve(known.standard());
    }
}
