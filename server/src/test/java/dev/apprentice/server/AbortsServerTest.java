package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.Seams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * C79: gauges come back to 0, series of what is deleted leave, counters fall only when the process begins anew. The
 * server is real, its machine says one token and waits, so that hundreds of answers can be given up in the middle.
 */
@Timeout(300)
final class AbortsServerTest {
    private static final int ABORTS = 500;
    private static final int AT_ONCE = 50;
    private static final int INSTANCES = 50;

    private @TempDir Path data;
    private Apprentice apprentice;
    private Calls calls;

    @BeforeEach
    void open() {
        var seams = Seams.real();
        var flags = Map.of("listen.port", "0", "data", data.toString());
        var settings = Settings.read(null, System.getenv(), flags);
        var engine = settings.engine().of(RealModel.files(settings));
        apprentice = Apprentice.open(settings, () -> Engine.open(engine, seams, SilentMachine::new), seams);
        calls = new Calls(apprentice.port());
    }

    @AfterEach
    void close() {
        apprentice.close();
    }

    @Test
    void nothingIsLeftOfHundredsOfAnswersThatAreGivenUp() throws Exception {
        var before = page();
        for (var done = 0; done < ABORTS; done += AT_ONCE) {
            var open = new ArrayList<RawConnection>();
            for (var i = 0; i < AT_ONCE; i++) {
                open.add(ask("base", i % 2 == 0, 100));
            }
            awaitRunning(AT_ONCE);
            var during = page();
            assertThat(during.value("apprentice_running_sequences")).isEqualTo(AT_ONCE);
            assertThat(during.value("apprentice_http_requests_in_flight")).isEqualTo(AT_ONCE + 1.0);
            for (var one : open) {
                one.close();
            }
            awaitRunning(0);
            assertNoneFell(before, during);
            before = pageOfNobodyElse(); // whose answer is given up in the engine may still be on their way out
        }
        var after = pageOfNobodyElse();
        assertNoneFell(before, after);
        assertThat(after.value("apprentice_running_sequences")).isZero();
        assertThat(after.value("apprentice_queue_length")).isZero();
        assertThat(after.value("apprentice_answers_total{ending=\"given_up\",instance=\"base\"}"))
                .isEqualTo(ABORTS);
    }

    private Exposition pageOfNobodyElse() {
        while (true) {
            var page = page();
            if (page.value("apprentice_http_requests_in_flight") <= 1) {
                return page;
            }
        }
    }

    @Test
    void deletedInstancesLeaveNoSeriesAndTheirNumberIsBounded() {
        var seriesBefore = page().samples().size();
        for (var i = 0; i < INSTANCES; i++) {
            calls.create("passing-" + i);
            assertThat(calls.ask(Calls.chat("passing-" + i, "hi").put("max_tokens", 1))
                            .status())
                    .isEqualTo(200);
        }
        var with = page();
        assertThat(with.samples().keySet()).anyMatch(series -> series.contains("passing-49"));
        for (var i = 0; i < INSTANCES; i++) {
            calls.delete("/v1/instances/passing-" + i);
        }
        var without = page();
        assertThat(without.samples().keySet()).noneMatch(series -> series.contains("passing-"));
        assertThat(without.samples().size() - seriesBefore)
                .as("routes and statuses that were not asked for before")
                .isLessThan(with.samples().size() - seriesBefore)
                .isLessThan(200);
    }

    @Test
    void aRestartBeginsAtZero() {
        calls.create("stays");
        calls.ask(Calls.chat("stays", "hi").put("max_tokens", 1));
        var before = page();
        assertThat(before.value("apprentice_answers_total{ending=\"length\",instance=\"stays\"}"))
                .isEqualTo(1);
        apprentice.close();

        open();

        var page = page();
        assertThat(page.counters(name -> !name.equals("apprentice_http_requests_total")))
                .isNotEmpty()
                .allSatisfy((series, value) -> assertThat(value).as(series).isZero());
        assertThat(page.value("apprentice_uptime_seconds")).isPositive();
        assertThat(page.value("apprentice_instances")).isEqualTo(before.value("apprentice_instances"));
    }

    /** Where promtool is on the path it has the last word; the rules in {@link Exposition} are its own. */
    @Test
    void thePageIsAsPrometheusWantsIt() throws Exception {
        calls.create("asked");
        calls.ask(Calls.chat("asked", "\"quoted\" \\ and broken\n").put("max_tokens", 1));
        calls.get("/v1/instances/nobody");
        page();
        var promtool = promtool();
        if (promtool != null) {
            promtool.getOutputStream().write(calls.raw("/metrics").body().getBytes(StandardCharsets.UTF_8));
            promtool.getOutputStream().close();
            assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEmpty();
            assertThat(promtool.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(promtool.exitValue()).isZero();
        }
    }

    @Tag("python")
    @Needs(Toolchain.PYTHON)
    @Test
    void aParserOfPrometheusReadsAllOfIt(Toolchain.State.Ready python) throws IOException {
        calls.ask(Calls.chat("base", "hi").put("max_tokens", 1));
        var page = calls.raw("/metrics").body();
        var child = Child.run(
                List.of(
                        python.program(),
                        "metrics_checks.py",
                        Files.writeString(data.resolve("page.txt"), page).toString()),
                python.scripts(),
                Map.of("PYTHONUTF8", "1", "PYTHONDONTWRITEBYTECODE", "1"),
                Duration.ofMinutes(1));
        assertThat(child.isGood()).as("%s", child.output()).isTrue();
        assertThat(child.output().strip())
                .isEqualTo(Integer.toString(Exposition.of(page).samples().size()));
    }

    private static @Nullable Process promtool() {
        try {
            return new ProcessBuilder("promtool", "check", "metrics")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) { // it is not here
            return null;
        }
    }

    private Exposition page() {
        return Exposition.of(calls.raw("/metrics").body());
    }

    private RawConnection ask(String model, boolean streams, int tokens) throws IOException {
        var body = Calls.chat(model, "Tell a long story.")
                .put("max_tokens", tokens)
                .put("stream", streams)
                .toString();
        var raw = new RawConnection(apprentice.port());
        raw.send(
                "POST /v1/chat/completions HTTP/1.1",
                "Content-Type: application/json",
                "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
        raw.bytes(body);
        return raw;
    }

    private void awaitRunning(int answers) {
        while (apprentice.engine().stats().running() != answers) {
            assertThat(Thread.currentThread().isInterrupted()).as("out of time").isFalse();
            Thread.onSpinWait();
        }
    }

    private static void assertNoneFell(Exposition before, Exposition after) {
        var now = new TreeMap<>(after.counters(_ -> true));
        before.counters(_ -> true)
                .forEach((series, value) ->
                        assertThat(now.get(series)).as(series).isGreaterThanOrEqualTo(value));
    }
}
