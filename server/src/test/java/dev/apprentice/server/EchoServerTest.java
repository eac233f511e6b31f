package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.training.AdapterPlan;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.TrainingRow;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Prompts that are given back with what their own tokens score, by the real server (CASES C62). */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class EchoServerTest {
    /** docs/engine.md: equal means log-probabilities within this. */
    private static final double EQUAL = 1e-3;

    private static final String PROMPT = "The capital of France is Paris \uD83D\uDE42, is it not? I think";

    @Test
    void anEchoIsScoredFromItsSecondTokenOnAndTheAnswerWithIt(Calls calls) {
        var choice = complete(calls, body(6)).at("/choices/0");
        var logprobs = choice.get("logprobs");

        assertThat(choice.get("text").asText()).startsWith(PROMPT);
        assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
        assertThat(logprobs.at("/top_logprobs/0").isNull()).isTrue();
        for (int i = 1; i < logprobs.get("tokens").size(); i++) {
            assertThat(logprobs.get("token_logprobs").get(i).asDouble()).isNegative();
            assertThat(logprobs.get("top_logprobs").get(i)).hasSize(2);
        }
        offsetsAreThoseOf(choice.get("text").asText(), logprobs);
        var answer = complete(calls, body(6).put("echo", false)).at("/choices/0");
        assertThat(PROMPT + answer.get("text").asText())
                .isEqualTo(choice.get("text").asText());
        var scores = logprobs.get("token_logprobs");
        var said = answer.at("/logprobs/token_logprobs");
        for (int i = 0; i < said.size(); i++) {
            assertThat(scores.get(scores.size() - said.size() + i).asDouble())
                    .isCloseTo(said.get(i).asDouble(), within(EQUAL));
        }
    }

    @Test
    void withoutAnAnswerAPromptIsScoredAlone(Calls calls, Apprentice apprentice) throws InterruptedException {
        var reply = complete(calls, body(0));
        var ids = apprentice.engine().tokenizer().encodePlain(PROMPT);

        assertThat(reply.at("/choices/0/text").asText()).isEqualTo(PROMPT);
        assertThat(reply.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(reply.at("/usage/completion_tokens").asInt()).isZero();
        assertThat(reply.at("/usage/prompt_tokens").asInt()).isEqualTo(ids.length);
        var scores = reply.at("/choices/0/logprobs/token_logprobs");
        assertThat(scores).hasSize(ids.length);
        double sum = 0;
        for (int i = 1; i < ids.length; i++) {
            sum += scores.get(i).asDouble();
        }
        var plan = new AdapterPlan(4, 8, 0, 0, 1); // a fresh adapter changes nothing
        try (var student = apprentice.engine().training().student(plan, null, 1)) {
            double mean = student.measure(List.of(new TrainingRow(ids, 1, new Loss.CrossEntropy(1))))
                    .getFirst();
            assertThat(sum / (ids.length - 1)).isCloseTo(mean, within(EQUAL));
        }
    }

    @Test
    void aStreamSaysWhatTheWholeAnswerSaysForEveryChoice(Calls calls) {
        var body = body(4).put("n", 2);
        body.putArray("prompt").add(PROMPT).add("One, two, three, four,");
        var whole = complete(calls, body);
        var joined = new ObjectNode[] {empty(), empty(), empty(), empty()};

        var streamed = calls.stream("/v1/completions", body);

        assertThat(streamed.done()).isTrue();
        for (var chunk : streamed.chunks()) {
            for (var choice : chunk.get("choices")) {
                join(joined[choice.get("index").asInt()], choice);
            }
        }
        for (int i = 0; i < joined.length; i++) {
            var expected = whole.at("/choices/" + i);
            assertThat(joined[i].get("text")).isEqualTo(expected.get("text"));
            assertThat(joined[i].get("tokens")).isEqualTo(expected.at("/logprobs/tokens"));
            assertThat(joined[i].get("text_offset")).isEqualTo(expected.at("/logprobs/text_offset"));
            var scores = joined[i].get("token_logprobs");
            assertThat(scores).hasSameSizeAs(expected.at("/logprobs/token_logprobs"));
            assertThat(scores.get(0).isNull()).isTrue();
            for (int t = 1; t < scores.size(); t++) {
                assertThat(scores.get(t).asDouble())
                        .isCloseTo(expected.at("/logprobs/token_logprobs/" + t).asDouble(), within(EQUAL));
            }
        }
    }

    @Test
    void aStreamOfAScoredPromptAloneEnds(Calls calls) {
        var streamed = calls.stream("/v1/completions", body(0));

        assertThat(streamed.chunks()).hasSize(2);
        assertThat(streamed.chunks().getFirst().at("/choices/0/text").asText()).isEqualTo(PROMPT);
        assertThat(streamed.last().at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(streamed.last().at("/choices/0/logprobs").isNull()).isTrue();
        assertThat(streamed.done()).isTrue();
    }

    @Test
    void theBestOfSeveralAreScoredWithTheirPrompt(Calls calls) {
        var choice = complete(calls, body(3).put("temperature", 1.2).put("best_of", 3))
                .at("/choices/0");

        offsetsAreThoseOf(choice.get("text").asText(), choice.get("logprobs"));
    }

    @Test
    void aScoreOfAnInstanceIsAnInteraction(Calls calls) {
        calls.create("scorer");
        var id = complete(calls, body(0).put("model", "scorer")).get("id").asText();

        assertThat(calls.teach(Calls.correction(id, " so.")).status()).isEqualTo(202);
    }

    /** Each token's text stands where its offset says; one that is part of a character has none. */
    private static void offsetsAreThoseOf(String text, JsonNode logprobs) {
        for (int i = 0; i < logprobs.get("tokens").size(); i++) {
            var token = logprobs.get("tokens").get(i).asText();
            int at = text.offsetByCodePoints(
                    0, logprobs.get("text_offset").get(i).asInt());
            if (!token.startsWith("bytes:")) {
                assertThat(text.substring(at)).startsWith(token);
            }
        }
    }

    private static void join(ObjectNode all, JsonNode choice) {
        all.put("text", all.get("text").asText() + choice.get("text").asText());
        for (var list : List.of("tokens", "token_logprobs", "text_offset")) {
            if (choice.at("/logprobs/" + list) instanceof ArrayNode more) {
                all.withArray(list).addAll(more);
            }
        }
    }

    private static ObjectNode empty() {
        return Json.strict().createObjectNode().put("text", "");
    }

    private static ObjectNode body(int maxTokens) {
        return Json.strict()
                .createObjectNode()
                .put("model", "base")
                .put("prompt", PROMPT)
                .put("temperature", 0)
                .put("max_tokens", maxTokens)
                .put("echo", true)
                .put("logprobs", 2);
    }

    private static JsonNode complete(Calls calls, ObjectNode body) {
        var reply = calls.post("/v1/completions", body.toString());
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }
}
