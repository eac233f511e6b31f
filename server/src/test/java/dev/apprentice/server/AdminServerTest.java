package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static dev.apprentice.server.Calls.example;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances and checkpoints of the real server with the real default model. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class AdminServerTest {
    private static final String QUESTION = "Which desk handles a lost parcel?";

    @Test
    void anInstanceIsCreatedShownChangedAndDeleted(Calls calls) {
        var created = calls.post(
                "/v1/instances", "{\"id\":\"shop\",\"description\":\"Our shop\",\"policy\":{\"trust\":{\"ada\":0.5}}}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("location")).isEqualTo("/v1/instances/shop");
        assertThat(created.body().at("/policy/trust/ada").asDouble()).isEqualTo(0.5);
        assertThat(created.body().at("/policy/canary_percent").asInt()).isZero(); // every field, with its default
        assertThat(calls.get("/v1/instances/shop").body()).isEqualTo(created.body());

        var changed =
                calls.patch("/v1/instances/shop", "{\"system_prompt\":\"Be brief.\",\"policy\":{\"help_below\":0.25}}");
        assertThat(changed.text("/system_prompt")).isEqualTo("Be brief.");
        assertThat(changed.text("/description")).isEqualTo("Our shop");
        assertThat(changed.body().at("/policy/help_below").asDouble()).isEqualTo(0.25);
        assertThat(changed.body().at("/policy/trust/ada").asDouble()).isEqualTo(0.5);
        var unprompted = calls.patch("/v1/instances/shop", "{\"system_prompt\":null}");
        assertThat(unprompted.body().get("system_prompt").isNull()).isTrue();

        assertThat(calls.delete("/v1/instances/shop").status()).isEqualTo(204);
        assertThat(calls.get("/v1/instances/shop").status()).isEqualTo(404);
        assertThat(calls.ask(chat("shop", "hi")).status()).isEqualTo(404);
    }

    @Test
    void instancesAreListedInParts(Calls calls) {
        calls.create("list-a");
        calls.create("list-b");
        var seen = new java.util.ArrayList<String>();
        var after = "";
        while (true) {
            var page = calls.get("/v1/instances?limit=1" + after).body();
            seen.add(page.at("/data/0/id").asText());
            if (page.get("next").isNull()) {
                break;
            }
            after = "&after=" + page.get("next").asText();
        }
        assertThat(seen).contains("apprentice", "list-a", "list-b").doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a:b", "a@1", "Ünï", "..", "", "base", "SUPPORT", "-a", "a b"})
    void anIdThatCannotWorkEverywhereIs422WithTheRule(String id, Calls calls) {
        var reply = calls.post("/v1/instances", "{\"id\":\"" + id + "\"}");
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.text("/field")).isEqualTo("id");
        assertThat(reply.text("/expected")).contains("a-z");
    }

    @Test
    void anIdOf300CharactersIs422(Calls calls) {
        assertThat(calls.post("/v1/instances", "{\"id\":\"" + "a".repeat(300) + "\"}")
                        .status())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                     | id",
                "{\"id\":7}                                             | id",
                "{\"id\":\"x\",\"polcy\":{}}                            | polcy",
                "{\"id\":\"x\",\"policy\":{\"recal\":true}}             | policy.recal",
                "{\"id\":\"x\",\"policy\":{\"canary_percent\":101}}     | policy.canary_percent",
                "{\"id\":\"x\",\"policy\":{\"help_below\":\"low\"}}     | policy.help_below",
                "{\"id\":\"x\",\"policy\":{\"match\":\"loose\"}}        | policy.match",
                "{\"id\":\"x\",\"policy\":{\"trust\":{\"ada\":2}}}      | policy.trust.ada",
                "{\"id\":\"x\",\"policy\":{\"recall\":null}}            | policy.recall",
            })
    void aMisspeltOrWrongFieldIs400(String body, String field, Calls calls) {
        var reply = calls.post("/v1/instances", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("/field")).isEqualTo(field);
    }

    @Test
    void ofTenThatCreateOneIdAtOnceOneWins(Calls calls) throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = clients.invokeAll(IntStream.range(0, 10)
                    .<Callable<Calls.Reply>>mapToObj(_ -> () -> calls.post("/v1/instances", "{\"id\":\"rivals\"}"))
                    .toList());
            var statuses = new java.util.ArrayList<Integer>();
            for (var reply : replies) {
                statuses.add(reply.get().status());
                if (reply.get().status() == 409) {
                    assertThat(reply.get().header("x-should-retry")).isEqualTo("false");
                }
            }
            assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
        }
    }

    @Test
    void aFrozenInstanceRecordsButDoesNotRecallWhatIsNew(Calls calls) {
        calls.create("ice");
        var before = calls.answer(chat("ice", QUESTION));
        assertThat(calls.post("/v1/instances/ice/freeze", "")
                        .body()
                        .get("frozen")
                        .asBoolean())
                .isTrue();
        var lesson = calls.teach(example("ice", QUESTION, "Desk Heron"));
        assertThat(lesson.status()).isEqualTo(202);
        assertThat(calls.answer(chat("ice", QUESTION))).isEqualTo(before);
        assertThat(calls.post("/v1/instances/ice/study", "").status()).isEqualTo(409);
        assertThat(calls.post("/v1/instances/ice/unfreeze", "")
                        .body()
                        .get("frozen")
                        .asBoolean())
                .isFalse();
        assertThat(calls.answer(chat("ice", QUESTION))).isEqualTo("Desk Heron");
    }

    @Test
    void anAdapterGoesInServesIsPinnedAndGoesOutAgain(Calls calls, Apprentice apprentice) {
        calls.create("loan");
        var zip = RandomAdapter.zip(apprentice.engine().base().config(), 7);
        var bare = calls.answer(chat("loan", QUESTION));
        var uploaded = calls.upload("/v1/instances/loan/checkpoints", zip);
        assertThat(uploaded.status()).isEqualTo(201);
        assertThat(uploaded.header("location")).isEqualTo("/v1/instances/loan/checkpoints/1");
        assertThat(calls.answer(chat("loan", QUESTION))).isEqualTo(bare); // not live yet

        assertThat(calls.post("/v1/instances/loan/checkpoints/1/promote", "").text("/state"))
                .isEqualTo("live");
        var adapted = calls.ask(chat("loan", QUESTION));
        assertThat(adapted.body().at("/apprentice/checkpoint").asInt()).isEqualTo(1);
        assertThat(adapted.text("/choices/0/message/content")).isNotEqualTo(bare);
        assertThat(calls.answer(chat("loan@0", QUESTION))).isEqualTo(bare);

        var rolledBack = calls.post("/v1/instances/loan/rollback", "");
        assertThat(rolledBack.body().get("number").asInt()).isZero();
        assertThat(calls.answer(chat("loan", QUESTION))).isEqualTo(bare);
        assertThat(calls.answer(chat("loan@1", QUESTION))).isEqualTo(adapted.text("/choices/0/message/content"));
        assertThat(calls.post("/v1/instances/loan/rollback", "").status()).isEqualTo(409);

        var digest = uploaded.text("/adapter_digest");
        calls.create("twin");
        var out = calls.download("/v1/instances/loan/checkpoints/1/adapter");
        assertThat(calls.upload("/v1/instances/twin/checkpoints", out).text("/adapter_digest"))
                .isEqualTo(digest);
        assertThat(calls.get("/v1/instances/loan/checkpoints")
                        .body()
                        .at("/data/0/origin")
                        .asText())
                .isEqualTo("upload");
    }

    @Test
    void whatIsNoAdapterIs422AndMakesNoCheckpoint(Calls calls) {
        calls.create("strict");
        assertThat(calls.upload("/v1/instances/strict/checkpoints", new byte[] {1, 2, 3})
                        .status())
                .isEqualTo(422);
        assertThat(calls.upload("/v1/instances/strict/checkpoints", new byte[0]).status())
                .isEqualTo(422);
        assertThat(calls.post("/v1/instances/strict/checkpoints", "{}").status())
                .isEqualTo(415);
        assertThat(calls.get("/v1/instances/strict/checkpoints").body().get("data"))
                .isEmpty();
    }

    /** CASES C10 and C36. */
    @ParameterizedTest
    @CsvSource({
        "model.layers.99.self_attn.q_proj, 4,   0, layers.99.self_attn.q_proj",
        "model.layers.3.self_attn.q_porj,  4,   0, layers.3.self_attn.q_porj",
        "model.layers.3.self_attn.q_proj,  4,   8, layers.3.self_attn.q_proj",
        "model.layers.3.self_attn.q_proj,  300, 0, r",
    })
    void anAdapterThatDoesNotFitIsRefusedByNameAndHurtsNobody(
            String path, int rank, int extra, String named, Calls calls, Apprentice apprentice) throws Exception {
        var instance = "misfit-" + Integer.toHexString((path + rank + extra).hashCode());
        calls.create(instance);
        var question = chat("apprentice", QUESTION).put("max_tokens", 8);
        var quiet = calls.answer(question);
        var bad = RandomAdapter.misshapen(apprentice.engine().base().config(), path, rank, extra);
        var beside = CompletableFuture.supplyAsync(() -> calls.answer(question));
        var reply = calls.upload("/v1/instances/" + instance + "/checkpoints", bad);
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(422);
        assertThat(reply.body().toString()).contains(named);
        assertThat(beside.get()).isEqualTo(quiet);
        assertThat(calls.get("/v1/instances/" + instance + "/checkpoints")
                        .body()
                        .get("data"))
                .isEmpty();
        assertThat(calls.ask(chat(instance, QUESTION).put("max_tokens", 1)).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0", "-1", "x", "cand_nobody"})
    void aCheckpointThatIsNotThereIs404(String which, Calls calls) {
        var path = "/v1/instances/apprentice/checkpoints/" + (which.equals("1") ? "99999" : which);
        assertThat(calls.get(path).status()).isEqualTo(404);
        assertThat(calls.post(path + "/promote", "{}").status()).isEqualTo(404);
    }

    @Test
    void theReportIsThereForProgramsAndForPeople(Calls calls) {
        calls.create("grown");
        var first = calls.ask(chat("grown", QUESTION));
        calls.teach(Calls.correction(first.text("/id"), "Desk Heron"));
        var report = calls.get("/v1/instances/grown/report").body();
        assertThat(report.at("/live_checkpoint").asInt()).isZero();
        assertThat(report.at("/growth/tested").asInt()).isEqualTo(1);
        assertThat(report.at("/growth/right").asDouble()).isZero(); // test, then train: the answer had been wrong
        assertThat(report.at("/lessons/recorded").asInt()
                        + report.at("/lessons/recalled").asInt())
                .isEqualTo(1);
        var page = calls.raw("/v1/instances/grown/report", "Accept", "text/markdown");
        assertThat(page.headers().firstValue("content-type")).contains("text/markdown; charset=utf-8");
        assertThat(page.body()).startsWith("# Report of `grown`").contains("Answers come from the bare base");
    }

    @ParameterizedTest
    @CsvSource({"POST, /v1/instances/apprentice/merge", "GET, /"})
    void whatIsNotBuiltSaysSo(String method, String path, Calls calls) {
        var reply = method.equals("GET") ? calls.get(path) : calls.post(path, "{}");
        assertThat(reply.status()).isEqualTo(501);
        assertThat(reply.body().toString()).contains("is not built yet");
        assertThat(reply.header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void eventsAreToldAsTheyHappenAndCanBeGoneOnFrom(Calls calls) throws Exception {
        calls.create("noisy");
        try (var events = calls.listen("/v1/events")) {
            assertThat(events.readLine()).startsWith(":"); // open
            var lesson = calls.teach(example("noisy", QUESTION, "Desk Heron")).text("/id");
            var first = Calls.eventOf(events, "noisy");
            assertThat(first.name()).isEqualTo("lesson");
            assertThat(first.data().at("/data/lesson").asText()).isEqualTo(lesson);
            try (var again = calls.listen("/v1/events", "Last-Event-ID", Long.toString(first.id() - 1))) {
                assertThat(Calls.eventOf(again, "noisy")).isEqualTo(first);
            }
        }
        assertThat(calls.get("/v1/events", "Last-Event-ID", "x").status()).isEqualTo(400);
    }
}
