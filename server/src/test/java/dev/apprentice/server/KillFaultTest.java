package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Json;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.hub.KnownModels;
import dev.apprentice.engine.model.hub.ModelStore;
import dev.apprentice.engine.model.hub.Progress;
import dev.apprentice.engine.model.hub.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed at random moments under load loses nothing that it acknowledged (C15). */
@Timeout(1200)
class KillFaultTest {
    private static final int KILLS = Integer.getInteger("apprentice.kills", 10);
    private static final String INSTANCE = "apprentice";

    @TempDir
    private Path folder;

    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile int lastPromoted;
    private volatile int promoting;

    @Test
    void acknowledgedLessonsAndTheLastPromotedCheckpointSurvive() throws Exception {
        var random = Seams.random(20_261_125);
        try (var server = ServerProcess.start(folder.resolve("data"), folder.resolve("server.log"))) {
            // studies run too, but only the test promotes, so that it knows what must be live
            assertThat(server.patch("/v1/instances/" + INSTANCE, "{\"policy\":{\"auto_promote\":false}}")
                            .statusCode())
                    .isEqualTo(200);
            uploadTwo(server);
            for (int kill = 0; kill < KILLS; kill++) {
                var load = load(server);
                var _ = new CountDownLatch(1).await(500 + random.nextInt(4500), TimeUnit.MILLISECONDS);
                server.kill();
                load.stop();
                server.killAndRestart();

                assertNothingIsLost(server);
            }
            assertThat(acknowledged).isNotEmpty();
        }
    }

    private void assertNothingIsLost(ServerProcess server) throws IOException, InterruptedException {
        assertThat(lessons(server)).containsAllEntriesOf(acknowledged);
        int live =
                server.json("/v1/instances/" + INSTANCE).path("live_checkpoint").asInt();
        // the one that was acknowledged last, or the one that was being promoted when the kill came
        assertThat(live).isIn(lastPromoted, promoting);
        var answer = ask(server, INSTANCE + "@" + live, "What is the capital of France?");
        assertThat(answer.path("apprentice").path("checkpoint").asInt()).isEqualTo(live);
        lastPromoted = live;
        promoting = live;
    }

    private static Map<String, String> lessons(ServerProcess server) throws IOException, InterruptedException {
        var answers = new HashMap<String, String>();
        var after = "";
        while (true) {
            var page = server.json("/v1/lessons?limit=100&instance=" + INSTANCE + after);
            page.path("data")
                    .forEach(lesson -> answers.put(
                            lesson.path("id").asText(), lesson.path("answer").asText()));
            if (page.path("next").isNull()) {
                return answers;
            }
            after = "&after=" + page.path("next").asText();
        }
    }

    private void uploadTwo(ServerProcess server) throws IOException, InterruptedException {
        var known = KnownModels.bundled();
        var store = new ModelStore(StoreSettings.of(known, System.getenv()), Seams.real(), Progress.SILENT);
        try (var base = BaseModel.open(store.resolve(known.standard()))) {
            for (int seed = 1; seed <= 2; seed++) {
                var response = server.postZip(
                        "/v1/instances/" + INSTANCE + "/checkpoints", RandomAdapter.zip(base.config(), seed));
                assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
            }
        }
        lastPromoted =
                server.json("/v1/instances/" + INSTANCE).path("live_checkpoint").asInt();
        promoting = lastPromoted;
    }

    /** Questions, corrections, promotions and studies until it is stopped. */
    private Load load(ServerProcess server) {
        var stopped = new AtomicBoolean();
        var threads = new Thread[] {
            until(stopped, () -> correct(server)),
            until(stopped, () -> correct(server)),
            until(stopped, () -> ask(server, INSTANCE, "Name a river, number " + questions.incrementAndGet())),
            until(stopped, () -> promote(server)),
            until(stopped, () -> server.post("/v1/instances/" + INSTANCE + "/study", "{}"))
        };
        return () -> {
            stopped.set(true);
            for (var thread : threads) {
                thread.join();
            }
        };
    }

    private interface Load {
        void stop() throws InterruptedException;
    }

    private interface Act {
        void run() throws IOException, InterruptedException;
    }

    private static Thread until(AtomicBoolean stopped, Act act) {
        return Thread.startVirtualThread(() -> {
            while (!stopped.get()) {
                try {
                    act.run();
                    ServerProcess.pause();
                } catch (IOException e) {
                    // the server was killed: nothing was acknowledged
                    return;
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    private void correct(ServerProcess server) throws IOException, InterruptedException {
        int number = questions.incrementAndGet();
        var asked = ask(server, INSTANCE, "Which shelf holds part " + number + "?");
        var answer = "Shelf " + number;
        var response = server.post(
                "/v1/feedback",
                "{\"interaction\":\"%s\",\"kind\":\"correction\",\"answer\":\"%s\"}"
                        .formatted(asked.path("id").asText(), answer));
        if (response.statusCode() == 202) {
            acknowledged.put(Json.strict().readTree(response.body()).path("id").asText(), answer);
        }
    }

    private void promote(ServerProcess server) throws IOException, InterruptedException {
        int next = lastPromoted == 1 ? 2 : 1;
        promoting = next;
        var response = server.post("/v1/instances/" + INSTANCE + "/checkpoints/" + next + "/promote", "{}");
        if (response.statusCode() == 200) {
            lastPromoted = next;
        }
    }

    private static com.fasterxml.jackson.databind.JsonNode ask(ServerProcess server, String model, String question)
            throws IOException, InterruptedException {
        var response = server.post(
                "/v1/chat/completions",
                ("{\"model\":\"%s\",\"temperature\":0,\"max_tokens\":4,"
                                + "\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}")
                        .formatted(model, question));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.strict().readTree(response.body());
    }
}
