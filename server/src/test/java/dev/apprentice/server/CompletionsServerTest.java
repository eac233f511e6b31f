package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The older completions of the real server (CASES C62). */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class CompletionsServerTest {
    private static final String PROMPT = "The capital of France is";

    @Test
    void aTextIsGoneOnFromWithoutAChatTemplate(Calls calls, Apprentice apprentice) {
        var body = complete(calls, prompt().put("prompt", PROMPT));
        assertThat(body.get("id").asText()).startsWith("cmpl-");
        assertThat(body.get("object").asText()).isEqualTo("text_completion");
        assertThat(body.at("/choices/0/text").asText()).startsWith(" Paris");
        assertThat(body.at("/choices/0/logprobs").isNull()).isTrue();
        assertThat(body.at("/usage/prompt_tokens").asInt())
                .isEqualTo(apprentice.engine().tokenizer().encodePlain(PROMPT).length);
    }

    @Test
    void listsAndTokenIdsAreAnsweredInTheirOrder(Calls calls, Apprentice apprentice) {
        var texts = prompt().put("n", 2);
        texts.putArray("prompt").add(PROMPT).add("One, two, three,");
        var ids = prompt().put("n", 2);
        var lists = ids.putArray("prompt");
        for (var text : new String[] {PROMPT, "One, two, three,"}) {
            var list = lists.addArray();
            for (int id : apprentice.engine().tokenizer().encodePlain(text)) {
                list.add(id);
            }
        }
        var body = complete(calls, texts);
        assertThat(body.get("choices"))
                .extracting(choice -> choice.get("index").asInt())
                .containsExactly(0, 1, 2, 3);
        assertThat(body.at("/choices/0/text").asText()).startsWith(" Paris");
        assertThat(body.at("/choices/2/text").asText()).startsWith(" four");
        assertThat(body.at("/choices/0/interaction").asText())
                .isNotEqualTo(body.at("/choices/2/interaction").asText());
        assertThat(complete(calls, ids).get("choices"))
                .extracting(choice -> choice.get("text").asText())
                .containsExactlyElementsOf(body.findValuesAsText("text"));
    }

    @Test
    void theEchoStandsBeforeTheAnswerAlsoInAStream(Calls calls, Apprentice apprentice) throws Exception {
        var body = prompt().put("prompt", PROMPT).put("echo", true);
        var whole = complete(calls, body).at("/choices/0/text").asText();
        assertThat(whole).startsWith(PROMPT + " Paris");
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + apprentice.port() + "/v1/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.put("stream", true).toString()))
                .build();
        var joined = new StringBuilder();
        try (var http = HttpClient.newHttpClient()) {
            var lines =
                    http.send(request, BodyHandlers.ofString()).body().lines().toList();
            for (var line : lines) {
                if (line.startsWith("data: {")) {
                    var chunk = Json.strict().readTree(line.substring("data: ".length()));
                    joined.append(chunk.at("/choices/0/text").asText());
                }
            }
            assertThat(lines).contains("data: [DONE]");
        }
        assertThat(joined).hasToString(whole);
    }

    @Test
    void logprobsHaveTheOlderForm(Calls calls) {
        var choice = complete(calls, prompt().put("prompt", PROMPT).put("logprobs", 2))
                .at("/choices/0");
        var logprobs = choice.get("logprobs");
        var joined = new StringBuilder();
        for (int i = 0; i < logprobs.get("tokens").size(); i++) {
            assertThat(logprobs.get("text_offset").get(i).asInt()).isEqualTo(joined.length());
            assertThat(logprobs.get("top_logprobs").get(i)).hasSize(2);
            assertThat(logprobs.get("token_logprobs").get(i).asDouble()).isNegative();
            joined.append(logprobs.get("tokens").get(i).asText());
        }
        assertThat(joined).hasToString(choice.get("text").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt   | 400 | \"prompt\":\"\"",
                "prompt   | 400 | \"prompt\":[]",
                "prompt   | 400 | \"prompt\":null",
                "prompt   | 400 | \"prompt\":[\"a\",\"\"]",
                "prompt   | 400 | \"prompt\":\"x \\ud83d\"",
                "suffix   | 400 | \"prompt\":\"a\",\"suffix\":\"b\"",
                "best_of  | 400 | \"prompt\":\"a\",\"best_of\":3,\"stream\":true",
                "best_of  | 400 | \"prompt\":\"a\",\"best_of\":1,\"n\":2",
                "best_of  | 400 | \"prompt\":[\"a\",\"b\"],\"best_of\":65",
                "logprobs | 400 | \"prompt\":\"a\",\"logprobs\":6",
                "n        | 400 | \"prompt\":[\"a\",\"b\"],\"n\":65",
                "max_tokens | 400 | \"prompt\":\"a\",\"max_tokens\":-1",
            })
    void whatCannotBeIsRefusedByName(String field, int status, String fields, Calls calls) {
        var reply = calls.post("/v1/completions", "{\"model\":\"base\"," + fields + "}");
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text("/error/param")).startsWith(field);
    }

    @Test
    void theBestOfSeveralComeBestFirstAndCanBeCorrected(Calls calls) {
        calls.create("chooser");
        var body = prompt().put("model", "chooser").put("temperature", 1.5).put("logprobs", 0);
        var best = complete(calls, body.put("prompt", PROMPT).put("n", 2).put("best_of", 4));
        assertThat(best.get("choices")).hasSize(2);
        assertThat(mean(best.at("/choices/0"))).isGreaterThanOrEqualTo(mean(best.at("/choices/1")));
        assertThat(best.at("/usage/completion_tokens").asInt())
                .as("what was made is counted")
                .isGreaterThan(12);
        var correction = Calls.correction(best.get("id").asText(), " Lyon")
                .put("choice", best.at("/choices/1/choice").asInt());
        var lesson = calls.get("/v1/lessons/" + calls.teach(correction).text("/id"));
        assertThat(lesson.text("/said")).isEqualTo(best.at("/choices/1/text").asText());
    }

    private static double mean(JsonNode choice) {
        double sum = 0;
        var logprobs = choice.at("/logprobs/token_logprobs");
        for (var logprob : logprobs) {
            sum += logprob.asDouble();
        }
        return sum / logprobs.size();
    }

    @Test
    void aPromptBeyondTheWindowIsRefusedWithBothNumbers(Calls calls) {
        var reply = calls.post(
                "/v1/completions", prompt().put("prompt", "word ".repeat(9000)).toString());
        assertThat(reply.text("/error/code")).isEqualTo("context_length_exceeded");
        assertThat(reply.text("/error/message")).contains("8192");
    }

    @Test
    void aCompletionIsAnInteractionThatCanBeCorrected(Calls calls) {
        calls.create("completer");
        var id = complete(calls, prompt().put("model", "completer").put("prompt", PROMPT))
                .get("id")
                .asText();
        assertThat(calls.teach(Calls.correction(id, " Lyon")).status()).isEqualTo(202);
    }

    private static ObjectNode prompt() {
        return Json.strict()
                .createObjectNode()
                .put("model", "base")
                .put("temperature", 0)
                .put("max_tokens", 6);
    }

    private static JsonNode complete(Calls calls, ObjectNode body) {
        var reply = calls.post("/v1/completions", body.toString());
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }
}
