package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What requests of one instance have in common at their beginning is read once, whatever door they come through. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class PrefixServerTest {
    private static final int BLOCK = 64;

    private static final String SYSTEM =
            "You work at the second desk of a small office. You answer in one short sentence, you never guess, "
                    + "and you name the desk that has to look at a case. The first desk reads letters, the second desk "
                    + "answers calls, the third desk keeps the files, and the fourth desk pays what is owed. If nobody "
                    + "knows, you say so and ask the caller to write a letter to the first desk.";

    @Test
    void everyApiSaysHowMuchOfAPromptWasNotReadAgain(Calls calls) {
        calls.create("prefixed");
        var first = calls.ask(chat("prefixed", "Who keeps the files?")).body();
        int prompt = first.at("/usage/prompt_tokens").asInt();
        assertThat(prompt).as("more than a block").isGreaterThan(BLOCK + 20);
        assertThat(first.at("/usage/prompt_tokens_details/cached_tokens").asInt())
                .isZero();

        var again = calls.ask(chat("prefixed", "Who keeps the files?")).body();
        assertThat(again.at("/usage/prompt_tokens_details/cached_tokens").asInt())
                .isEqualTo((prompt - 1) / BLOCK * BLOCK);
        assertThat(again.at("/choices/0/message")).isEqualTo(first.at("/choices/0/message"));

        var stream = chat("prefixed", "Who reads letters?");
        stream.putObject("stream_options").put("include_usage", true);
        assertThat(calls.stream(stream)
                        .last()
                        .at("/usage/prompt_tokens_details/cached_tokens")
                        .asInt())
                .isGreaterThanOrEqualTo(BLOCK);

        var response = body("prefixed").put("max_output_tokens", 4).put("instructions", SYSTEM);
        assertThat(calls.post(
                                "/v1/responses",
                                response.put("input", "Who pays?").toString())
                        .body()
                        .at("/usage/input_tokens_details/cached_tokens")
                        .asInt())
                .isGreaterThanOrEqualTo(BLOCK);

        var message = body("prefixed").put("max_tokens", 4).put("system", SYSTEM);
        message.putArray("messages").addObject().put("role", "user").put("content", "Who pays?");
        var usage = calls.post("/v1/messages", message.toString()).body().get("usage");
        assertThat(usage.get("cache_read_input_tokens").asInt()).isGreaterThanOrEqualTo(BLOCK);
        assertThat(usage.get("input_tokens").asInt()).isPositive();
    }

    @Test
    void whatOneInstanceReadNoOtherTakes(Calls calls) {
        calls.create("reader");
        calls.create("stranger");
        calls.ask(chat("reader", "Who answers calls?"));

        for (var model : new String[] {"stranger", "base"}) {
            assertThat(calls.ask(chat(model, "Who answers calls?"))
                            .body()
                            .at("/usage/prompt_tokens_details/cached_tokens")
                            .asInt())
                    .as(model)
                    .isZero();
        }
        assertThat(calls.ask(chat("reader", "Who answers calls?"))
                        .body()
                        .at("/usage/prompt_tokens_details/cached_tokens")
                        .asInt())
                .isPositive();
    }

    @Test
    void completionsCountTheFirstChoiceOfEachPromptAndScoredOnesTakeNothing(Calls calls) {
        calls.create("completing");
        var body = body("completing").put("max_tokens", 2).put("n", 2);
        body.putArray("prompt").add(SYSTEM).add(SYSTEM + " Then the caller");
        assertThat(cached(calls, body)).isLessThanOrEqualTo(2 * BLOCK); // the second prompt may come after the first
        assertThat(cached(calls, body)).isGreaterThanOrEqualTo(2 * BLOCK);
        assertThat(cached(calls, body.put("echo", true).put("logprobs", 1))).isZero();
    }

    @Test
    void theMetricsSayWhatIsKeptAndTaken(Calls calls) {
        calls.create("measured");
        double before = value(calls, "taken_tokens_total");
        calls.ask(chat("measured", "Who?"));
        calls.ask(chat("measured", "Who?"));

        assertThat(value(calls, "taken_tokens_total")).isGreaterThanOrEqualTo(before + BLOCK);
        assertThat(value(calls, "read_tokens_total")).isPositive();
        assertThat(value(calls, "blocks")).isPositive();
        assertThat(value(calls, "bytes")).isPositive();
        assertThat(value(calls, "evicted_blocks_total")).isNotNegative();
    }

    private static double value(Calls calls, String name) {
        var start = "apprentice_prefix_cache_" + name + " ";
        return calls.raw("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .sum();
    }

    private static int cached(Calls calls, ObjectNode body) {
        var reply = calls.post("/v1/completions", body.toString());
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body().at("/usage/prompt_tokens_details/cached_tokens").asInt(-1);
    }

    private static ObjectNode chat(String model, String question) {
        var body = body(model).put("max_tokens", 6);
        body.putArray("messages").addObject().put("role", "system").put("content", SYSTEM);
        body.withArray("messages").addObject().put("role", "user").put("content", question);
        return body;
    }

    private static ObjectNode body(String model) {
        return Json.strict().createObjectNode().put("model", model).put("temperature", 0);
    }
}
