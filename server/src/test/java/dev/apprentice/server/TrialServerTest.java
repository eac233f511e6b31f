package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.server.Calls.Reply;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checkpoints on trial, through the door: with uploaded adapters, so that nothing has to be trained. */
@ExtendWith(SharedServer.class)
@Timeout(600)
class TrialServerTest {
    @Test
    void aCanaryAnswersSomeUsersAndCanBeWithdrawn(Calls calls, Apprentice apprentice) {
        open(calls, apprentice, "canary", "{\"policy\":{\"canary_percent\":50}}");
        var refused = calls.post("/v1/instances/canary/checkpoints/1/promote", "{\"as\":\"canary\"}");
        assertThat(refused.status()).isEqualTo(409); // it is live

        var canary = calls.post("/v1/instances/canary/checkpoints/2/promote", "{\"as\":\"canary\"}");
        assertThat(canary.status()).as("%s", canary.body()).isEqualTo(200);
        assertThat(canary.text("/state")).isEqualTo("canary");
        var seen = new HashSet<Integer>();
        for (int user = 0; user < 12; user++) {
            int first = checkpoint(calls.ask(question("canary", "user-" + user, "Name a river.")));
            assertThat(checkpoint(calls.ask(question("canary", "user-" + user, "Name a lake."))))
                    .isEqualTo(first);
            seen.add(first);
        }
        assertThat(seen).containsExactlyInAnyOrder(1, 2); // by chance all on one side once in 2,048 trials

        var trial = calls.get("/v1/instances/canary/report").body().at("/trials/0");
        assertThat(trial.path("kind").asText()).isEqualTo("canary");
        assertThat(trial.path("outcome").isNull()).isTrue();
        assertThat(trial.path("says").asText()).isEqualTo("no rated answers on both sides yet");
        var withdrawn = calls.post("/v1/instances/canary/checkpoints/2/withdraw", "");
        assertThat(withdrawn.text("/state")).isEqualTo("retired");
        assertThat(calls.post("/v1/instances/canary/checkpoints/2/withdraw", "").status())
                .isEqualTo(409);
        for (int user = 0; user < 4; user++) {
            assertThat(checkpoint(calls.ask(question("canary", "user-" + user, "Name a river."))))
                    .isEqualTo(1);
        }
    }

    @Test
    void whatNobodyMayTryIsRefusedByName(Calls calls, Apprentice apprentice) {
        open(calls, apprentice, "nocanary", "{}");

        var none = calls.post("/v1/instances/nocanary/checkpoints/2/promote", "{\"as\":\"canary\"}");
        assertThat(none.status()).isEqualTo(409);
        assertThat(none.text("/field")).isEqualTo("policy.canary_percent");
        var wrong = calls.post("/v1/instances/nocanary/checkpoints/2/promote", "{\"as\":\"parrot\"}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text("/field")).isEqualTo("as");
        assertThat(calls.post("/v1/instances/nocanary/study", "{\"rebuild\":1}").text("/field"))
                .isEqualTo("rebuild");
        assertThat(calls.patch("/v1/instances/nocanary", "{\"policy\":{\"rebuild_at\":\"3am\"}}")
                        .text("/field"))
                .isEqualTo("policy.rebuild_at");
    }

    @Test
    void theReportTellsExamsTrafficAndDriftToPeopleToo(Calls calls, Apprentice apprentice) {
        open(calls, apprentice, "told", "{}");

        var report = calls.get("/v1/instances/told/report").body();
        assertThat(report.path("exams")).isEmpty();
        assertThat(report.path("drift").isNull()).isTrue(); // an upload sat no exam
        assertThat(report.at("/trials/0/kind").asText()).isEqualTo("watch");
        assertThat(report.path("withdrawn_in_weights")).isEmpty();
        var page = calls.raw("/v1/instances/told/report", "Accept", "text/markdown");
        assertThat(page.body())
                .contains("## Exams", "## Live traffic", "| 1 | watch | 0 |", "## Drift", "sat no exam")
                .contains("No confidence is given");
    }

    private static void open(Calls calls, Apprentice apprentice, String instance, String patch) {
        calls.create(instance);
        assertThat(calls.patch("/v1/instances/" + instance, patch).status()).isEqualTo(200);
        for (int seed = 1; seed <= 2; seed++) {
            var zip = RandomAdapter.zip(apprentice.engine().base().config(), seed);
            assertThat(calls.upload("/v1/instances/" + instance + "/checkpoints", zip)
                            .status())
                    .isEqualTo(201);
        }
        assertThat(calls.post("/v1/instances/" + instance + "/checkpoints/1/promote", "{}")
                        .status())
                .isEqualTo(200);
    }

    private static ObjectNode question(String instance, String user, String text) {
        return Calls.chat(instance, text).put("user", user).put("max_tokens", 2);
    }

    private static int checkpoint(Reply reply) {
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        return reply.body().at("/apprentice/checkpoint").asInt();
    }
}
