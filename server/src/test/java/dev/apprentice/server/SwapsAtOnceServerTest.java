package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many promote, roll back, change and leave at once (C39). */
@ExtendWith(SharedServer.class)
@Timeout(300)
class SwapsAtOnceServerTest {
    private static final int ADAPTERS = 3;
    private static final int PROMOTIONS = 10;
    private static final int CUT_STREAMS = 25;

    @Test
    void theLastEventSaysWhoIsLive(Calls calls, Apprentice apprentice) throws Exception {
        instance("race", calls, apprentice);
        try (var events = calls.listen("/v1/events");
                var admins = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(events.readLine()).startsWith(":"); // open
            var asked = new ArrayList<Callable<Calls.Reply>>();
            for (int i = 0; i < PROMOTIONS; i++) {
                int number = 1 + i % ADAPTERS;
                asked.add(() -> promote("race", number, calls));
            }
            asked.add(() -> calls.post("/v1/instances/race/rollback", ""));
            asked.add(() -> calls.patch("/v1/instances/race", "{\"description\":\"raced for\"}"));
            var replies = new ArrayList<Calls.Reply>();
            for (var reply : admins.invokeAll(asked)) {
                replies.add(reply.get());
            }

            assertThat(replies).extracting(Calls.Reply::status).isSubsetOf(200, 409);
            assertThat(replies.getLast().status()).isEqualTo(200);
            int live = live("race", calls);
            assertThat(inOrder(events, calls)).isEqualTo(live);
            assertThat(calls.get("/v1/instances/race").text("/description")).isEqualTo("raced for");
            assertThat(states("race", calls)).containsOnlyOnce("live");
        }
    }

    /** Who went live last, by events of which each goes on from the one before. */
    private static int inOrder(BufferedReader events, Calls calls) throws IOException {
        calls.teach(Calls.example("race", "Who came last?", "Nobody knows.")); // its event comes after all others
        int live = 0;
        for (var event = Calls.eventOf(events, "race");
                !event.name().equals("lesson");
                event = Calls.eventOf(events, "race")) {
            assertThat(event.name()).isIn("promotion", "rollback");
            assertThat(event.data().at("/data/before").asInt()).isEqualTo(live);
            live = event.data().at("/data/checkpoint").asInt();
        }
        return live;
    }

    @Test
    void whoIsCutOffHoldsUpNobody(Calls calls, Apprentice apprentice) throws Exception {
        instance("cut", calls, apprentice);
        assertThat(promote("cut", 1, calls).status()).isEqualTo(200);
        for (int i = 0; i < CUT_STREAMS; i++) {
            cut(apprentice, 1 + i % 4);
        }
        assertThat(promote("cut", 2, calls).status()).isEqualTo(200);
        assertThat(calls.ask(Calls.chat("cut", "Count.").put("max_tokens", 4))
                        .body()
                        .at("/apprentice/checkpoint")
                        .asInt())
                .isEqualTo(2);
        assertThat(calls.delete("/v1/instances/cut").status()).isEqualTo(204);
        assertThat(calls.get("/v1/instances/cut").status()).isEqualTo(404);
        while (apprentice.engine().stats().running()
                        + apprentice.engine().stats().waiting()
                > 0) {
            ServerProcess.pause();
        }
    }

    /** An answer of four choices, left after some of its first events. */
    private static void cut(Apprentice apprentice, int events) throws IOException {
        var body = Calls.chat("cut", "Sing.")
                .put("n", 4)
                .put("max_tokens", 200)
                .put("ignore_eos", true)
                .put("temperature", 1)
                .put("stream", true)
                .toString();
        try (var raw = new RawConnection(apprentice.port())) {
            raw.send(
                    "POST /v1/chat/completions HTTP/1.1",
                    "Content-Type: application/json",
                    "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
            raw.bytes(body);
            for (int i = 0; i < events; i++) {
                raw.until("data: ");
            }
        }
    }

    private static void instance(String id, Calls calls, Apprentice apprentice) {
        calls.create(id);
        for (int seed = 1; seed <= ADAPTERS; seed++) {
            var zip = RandomAdapter.zip(apprentice.engine().base().config(), 30 + seed);
            assertThat(calls.upload("/v1/instances/" + id + "/checkpoints", zip).status())
                    .isEqualTo(201);
        }
    }

    private static Calls.Reply promote(String id, int number, Calls calls) {
        return calls.post("/v1/instances/" + id + "/checkpoints/" + number + "/promote", "");
    }

    private static int live(String id, Calls calls) {
        return calls.ask(Calls.chat(id, "Count.").put("max_tokens", 1))
                .body()
                .at("/apprentice/checkpoint")
                .asInt();
    }

    private static List<String> states(String id, Calls calls) {
        return calls.get("/v1/instances/" + id + "/checkpoints").body().findValuesAsText("state");
    }
}
