package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.apprentice.engine.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several choices in one answer, and what the default model cannot be asked for (CASES C31). */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class ChoicesServerTest {
    private static final String QUESTION = "Tell me a story.";

    @Test
    void choicesDifferAndComeAgainWithTheSameSeed(Calls calls) {
        var body = chat("base", QUESTION).put("temperature", 1.5).put("n", 3).put("seed", 7);
        var first = calls.ask(body).body();
        assertThat(first.get("choices")).hasSize(3);
        var texts = new HashSet<String>();
        for (int i = 0; i < 3; i++) {
            assertThat(first.at("/choices/" + i + "/index").asInt()).isEqualTo(i);
            texts.add(first.at("/choices/" + i + "/message/content").asText());
        }
        assertThat(texts).hasSize(3);
        assertThat(calls.ask(body).body().get("choices")).isEqualTo(first.get("choices"));
    }

    @Test
    void aStreamTellsEachChoiceUnderItsIndex(Calls calls) {
        var body = chat("base", QUESTION)
                .put("temperature", 1.5)
                .put("n", 2)
                .put("seed", 7)
                .put("max_tokens", 12);
        var whole = calls.ask(body).body();
        body.putObject("stream_options").put("include_usage", true);
        var streamed = calls.stream(body);
        Map<Integer, String> texts = new HashMap<>();
        Map<Integer, String> finishes = new HashMap<>();
        var ids = new HashSet<String>();
        for (var chunk : streamed.chunks()) {
            ids.add(chunk.get("id").asText());
            for (var choice : chunk.get("choices")) {
                int index = choice.get("index").asInt();
                texts.merge(index, choice.at("/delta/content").asText(""), String::concat);
                if (!choice.get("finish_reason").isNull()) {
                    assertThat(finishes.put(index, choice.get("finish_reason").asText()))
                            .isNull();
                }
            }
        }
        assertThat(ids).hasSize(1);
        assertThat(streamed.done()).isTrue();
        assertThat(streamed.last().get("usage")).isEqualTo(whole.get("usage"));
        assertThat(streamed.chunks())
                .filteredOn(chunk -> chunk.has("apprentice"))
                .hasSize(1);
        for (int i = 0; i < 2; i++) {
            assertThat(texts.get(i))
                    .isEqualTo(whole.at("/choices/" + i + "/message/content").asText());
            assertThat(finishes.get(i))
                    .isEqualTo(whole.at("/choices/" + i + "/finish_reason").asText());
        }
    }

    @Test
    void moreChoicesThanPlacesAllComeToAnEnd(Calls calls) {
        var reply = calls.ask(chat("base", QUESTION).put("n", 40).put("max_tokens", 1));
        assertThat(reply.body().get("choices")).hasSize(40);
        assertThat(reply.body().at("/usage/completion_tokens").asInt()).isEqualTo(40);
    }

    @Test
    void aModelWithoutAToolFormatSaysSo(Calls calls) {
        var body = chat("base", QUESTION);
        body.putArray("tools")
                .addObject()
                .put("type", "function")
                .putObject("function")
                .put("name", "f");
        var reply = calls.ask(body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("/error/param")).isEqualTo("tools");
        assertThat(reply.text("/error/code")).isEqualTo("tools_not_supported");
        assertThat(calls.ask(body.put("tool_choice", "none").put("max_tokens", 1))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anAnswerHasTheFormThatIsAskedForAtAnyTemperature(Calls calls) throws JsonProcessingException {
        var body = chat("base", "Describe a dog.").put("temperature", 1).put("max_tokens", 60);
        body.set("response_format", Json.strict().readTree("""
                {"type": "json_schema", "json_schema": {"name": "dog", "strict": true, "schema": {
                  "type": "object", "required": ["name", "legs"], "additionalProperties": false,
                  "properties": {"name": {"type": "string", "maxLength": 8}, "legs": {"enum": [3, 4]}}}}}"""));
        for (int seed = 0; seed < 3; seed++) {
            var reply = calls.ask(body.put("seed", seed));
            assertThat(reply.text("/choices/0/finish_reason")).isEqualTo("stop");
            var dog = Json.strict().readTree(reply.text("/choices/0/message/content"));
            assertThat(dog.get("name").textValue()).hasSizeLessThanOrEqualTo(8);
            assertThat(dog.get("legs").intValue()).isIn(3, 4);
        }
    }

    @Test
    void aFormThatCannotBeHeldToIsRefusedByKeywordAndPath(Calls calls) throws JsonProcessingException {
        var body = chat("base", "Describe a dog.");
        body.set("response_format", Json.strict().readTree("""
                {"type": "json_schema", "json_schema": {"name": "dog", "schema": {
                  "type": "object", "properties": {"legs": {"type": "array", "uniqueItems": true}}}}}"""));
        var reply = calls.ask(body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("/error/code")).isEqualTo("unsupported_schema");
        assertThat(reply.text("/error/message")).contains("uniqueItems").contains("legs");
    }

    @Test
    void aBiasDecidesBetweenTokens(Apprentice apprentice, Calls calls) {
        var wanted = apprentice.engine().tokenizer().encode(" desk", false)[0];
        var body = chat("base", QUESTION).put("max_tokens", 1).put("logprobs", true);
        body.putObject("logit_bias").put(String.valueOf(wanted), 100);
        assertThat(calls.ask(body).text("/choices/0/logprobs/content/0/token"))
                .isEqualTo(apprentice.engine().tokenizer().decode(new int[] {wanted}, true));
    }

    @Test
    void anExpressionIsMatchedFromItsStartToItsEnd(Calls calls) {
        assertThat(calls.answer(chat("base", QUESTION).put("guided_regex", "[0-9]{2}-[a-f]")))
                .matches("[0-9]{2}-[a-f]");
    }
}
