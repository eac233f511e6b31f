package dev.apprentice.server.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.EngineSettings.Dtype;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.Placement;
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
 * A whole run of each benchmark, as small as it can be: its figures are there and can be, how good they are is not
 * told.
 */
class BenchServerTest {
    private static final EnginePlan SMALL_ENGINE = new EnginePlan(
            new Placement.Cpu(), 1, 32, List.of(1, 2), List.of(1, 3), 2, 32, 2, 4, 1, 12, List.of(Dtype.BF16), false);
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
            assertThat(rows).allSatisfy(BenchServerTest::isSane);
        }
        var idle = rows(figures, "idle_streams", 1).path(0);
        assertThat(idle.path("streams").intValue()).isEqualTo(20);
        assertThat(idle.path("heap_mib_with_them").doubleValue()).isPositive();
        assertThat(progress).isNotEmpty();
        assertThat(outcome.lines()).anyMatch(line -> line.startsWith("| HTTP, streamed"));
        assertThat(folder).as("what the servers wrote is gone").isEmptyDirectory();
    }

    @Test
    void anEngineIsMeasured(@TempDir Path folder) throws Exception {
        var terms = new Benchmark.Terms(model(), folder, Duration.ofMillis(1), _ -> {});

        var tables = new EngineBench(SMALL_ENGINE).run(terms);

        assertThat(tables).extracting(table -> table.rows().size()).containsExactly(1, 2, 2, 1, 2, 1);
        for (var table : tables) {
            assertThat(table.rows())
                    .allSatisfy(row -> assertThat(row.values().stream()
                                    .filter(Double.class::isInstance)
                                    .map(Double.class::cast))
                            .as(table.name())
                            .isNotEmpty()
                            .allMatch(Double::isFinite));
        }
        assertThat(folder).as("what was written is gone").isEmptyDirectory();
    }

    @Test
    void anIndexOfLessonsIsMeasured(@TempDir Path folder) throws Exception {
        var terms = new Benchmark.Terms(folder, folder, Duration.ofMillis(1), _ -> {}); // no model is opened

        var tables = new RecallBench(new RecallPlan(1_000, 5, 5, 20)).run(terms);

        assertThat(tables).extracting(table -> table.rows().size()).containsExactly(2, 1);
        assertThat(tables.getFirst().rows()).allSatisfy(row -> {
            assertThat((Double) row.get("p50_ms")).isPositive();
            assertThat((Double) row.get("p99_ms")).isGreaterThanOrEqualTo((Double) row.get("p50_ms"));
            assertThat((Double) row.get("p50_cpu_ms")).isPositive();
        });
        var size = tables.getLast().rows().getFirst();
        assertThat(size.get("lessons")).isEqualTo(1_000.0);
        assertThat((Double) size.get("disk_mb")).isPositive();
        // of 400 kinds a guess is right once in 400; a kind that nobody was taught cannot be right
        assertThat((Double) size.get("right_share")).isBetween(0.5, 1.0);
        assertThat(folder).as("what was written is gone").isEmptyDirectory();
    }

    /** Half an hour of it is {@code bench long}; a leak of one tensor an answer shows at once. */
    @Test
    void aLongRunLeavesNothingBehind(@TempDir Path folder) throws Exception {
        var terms = new Benchmark.Terms(model(), folder, Duration.ofMillis(1), _ -> {});

        var tables = new LongBench(new LongPlan(2, Duration.ofSeconds(6), 2, 1, 1, 24, 0)).run(terms);

        assertThat(tables.getFirst().rows()).hasSize(2);
        assertThat(tables.getFirst().rows().getLast()).allSatisfy((name, value) -> {
            if (List.of("answers", "left", "refused", "swaps", "trained_tokens").contains(name)) {
                assertThat((Double) value).as(name).isPositive();
            }
        });
        var drift = tables.getLast().rows().getFirst();
        assertThat(drift.get("arrays_more_than_at_first")).isEqualTo(0.0);
        assertThat(drift.get("scopes_more_than_at_first")).isEqualTo(0.0);
        assertThat(folder).as("what was written is gone").isEmptyDirectory();
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

    static Path model() {
        var settings = Settings.read(null, System.getenv(), Map.of());
        var known = KnownModels.bundled();
        var store = StoreSettings.of(known, System.getenv()).at(settings.home());
        return new ModelStore(store, Seams.real(), Progress.SILENT).resolve(known.standard());
    }
}
