package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** An answer says how sure it is once answers were graded; what is unsure is shown to people first. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class ValueServerTest {
    private static final int GRADED = 30;
    private static final int FITTED_FROM = 24;
    private static final List<String> GOOD = List.of("rain", "snow", "wind", "fog", "hail", "sun");
    private static final List<String> BAD = List.of("a refund", "an invoice", "a fee", "a loan", "a bill", "a tax");

    @Test
    void confidenceComesWithTheGradesAndUnsureAnswersComeFirst(Calls calls) throws InterruptedException {
        calls.create("valued");
        var graded = new ArrayList<String>();
        for (int i = 0; i < GRADED; i++) {
            var good = i % 2 == 0;
            var words = good ? GOOD : BAD;
            var answer = calls.ask(asked("What is " + words.get(i / 2 % words.size()) + "? Take " + i));
            if (i < FITTED_FROM) { // afterwards there may be a head, which says what it thinks
                assertThat(answer.body().at("/apprentice/needs_help").asBoolean(true))
                        .isFalse();
            }
            assertThat(calls.teach(feedback("rating", answer.text("/id")).put("rating", good ? "up" : "down"))
                            .status())
                    .isEqualTo(202);
            graded.add(answer.text("/id"));
        }
        var value = awaitFitted(calls);
        assertThat(value.at("/outcomes").asInt()).isGreaterThanOrEqualTo(FITTED_FROM);
        assertThat(value.at("/certified").isNull())
                .as("of 30 answers nothing can be certified")
                .isTrue();
        assertThat(value.at("/quality/table")).isNotEmpty();

        var whole = calls.ask(asked("What is thunder?"));
        double confidence = whole.body().at("/apprentice/confidence").asDouble(-1);
        assertThat(confidence).isBetween(0.0, 1.0);
        var streamed = calls.stream(asked("What is thunder?").put("stream", true));
        assertThat(streamed.last().at("/apprentice/confidence").asDouble(-1)).isBetween(0.0, 1.0);

        var looks = calls.get("/v1/interactions?instance=valued").body().get("data");
        assertThat(looks).extracting(look -> look.get("interaction").asText()).contains(whole.text("/id"));
        assertThat(looks).extracting(look -> look.get("interaction").asText()).doesNotContainAnyElementsOf(graded);
        assertThat(looks)
                .extracting(look -> look.get("worth").asDouble())
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(calls.get("/v1/instances/valued/report")
                        .body()
                        .at("/value/state")
                        .asText())
                .isEqualTo("fitted");
    }

    @Test
    void theBestOfSeveralIsGivenAsIfItWereTheOnlyOne(Calls calls) {
        calls.create("choosy");
        var body = chat("choosy", "Name a colour.")
                .put("max_tokens", 3)
                .put("temperature", 1.2)
                .put("seed", 5);
        body.putObject("apprentice").put("best_of", 3);
        var best = calls.ask(body);
        assertThat(best.status()).isEqualTo(200);
        assertThat(best.body().get("choices")).hasSize(1);
        assertThat(best.text("/choices/0/index")).isEqualTo("0");
        assertThat(calls.teach(feedback("rating", best.text("/id")).put("rating", "up"))
                        .status())
                .isEqualTo(202);
        var streamed = calls.stream(body.put("stream", true));
        assertThat(streamed.text()).isEqualTo(best.text("/choices/0/message/content"));
        body.putObject("apprentice").put("best_of", 0);
        var refused = calls.ask(body.put("stream", false));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/param")).isEqualTo("apprentice.best_of");
    }

    @Test
    void anEpisodesTurnsShareItsRewardUntilValuesCanTell(Calls calls) {
        calls.create("tasked");
        for (int turn = 0; turn < 2; turn++) {
            var body = chat("tasked", "Step " + turn).put("max_tokens", 3);
            body.putObject("metadata").put("episode", "task-credit");
            calls.ask(body);
        }
        var open = calls.get("/v1/episodes/task-credit?instance=tasked").body();
        assertThat(open.get("reward").isNull()).isTrue();
        assertThat(open.get("turns"))
                .hasSize(2)
                .allMatch(turn -> turn.get("credit").isNull());
        calls.teach(Json.strict()
                .createObjectNode()
                .put("kind", "reward")
                .put("episode", "task-credit")
                .put("reward", 0.75));
        var ended = calls.get("/v1/episodes/task-credit?instance=tasked").body();
        assertThat(ended.get("reward").asDouble()).isEqualTo(0.75);
        assertThat(ended.get("credited").asText()).isEqualTo("reward");
        assertThat(ended.get("turns")).allMatch(turn -> turn.get("credit").asDouble() == 0);

        assertThat(calls.get("/v1/episodes/never?instance=tasked").status()).isEqualTo(404);
        assertThat(calls.get("/v1/interactions?instance=nobody").status()).isEqualTo(404);
        var unsaid = calls.get("/v1/interactions");
        assertThat(unsaid.status()).isEqualTo(400);
        assertThat(unsaid.text("/field")).isEqualTo("instance");
    }

    private static JsonNode awaitFitted(Calls calls) throws InterruptedException {
        while (true) {
            var value = calls.get("/v1/instances/valued/report").body().get("value");
            if (!value.get("state").asText().equals("not_fitted")) {
                return value;
            }
            ServerProcess.pause();
        }
    }

    private static ObjectNode asked(String text) {
        return chat("valued", text).put("max_tokens", 3);
    }

    private static ObjectNode feedback(String kind, String interaction) {
        return Json.strict().createObjectNode().put("kind", kind).put("interaction", interaction);
    }
}
