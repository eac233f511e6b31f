package dev.apprentice.server;

import static dev.apprentice.server.Calls.correction;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Anthropic's messages of the real server with the real default model. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class AnthropicServerTest {
    private static final String PATH = "/v1/messages";
    private static final String QUESTION = "Name the capital of France.";

    private static ObjectNode request(String text) {
        var body = Json.strict()
                .createObjectNode()
                .put("model", "base")
                .put("temperature", 0)
                .put("max_tokens", 24);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }

    private static Calls.Reply create(Calls calls, ObjectNode request) {
        var reply = calls.post(PATH, request.toString(), "anthropic-version", "2023-06-01", "x-api-key", "any");
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        return reply;
    }

    private static String text(JsonNode message) {
        return message.at("/content/0/text").asText();
    }

    @Test
    void aMessageHasTheWordsOfAChatCompletion(Calls calls) {
        var reply = create(calls, request(QUESTION));
        var chat = calls.ask(Calls.chat("base", QUESTION));
        assertThat(text(reply.body())).isEqualTo(chat.text("/choices/0/message/content"));
        assertThat(reply.text("/id")).startsWith("msg_");
        assertThat(reply.text("/type")).isEqualTo("message");
        assertThat(reply.text("/role")).isEqualTo("assistant");
        assertThat(reply.text("/stop_reason")).isEqualTo("end_turn");
        var usage = reply.body().get("usage");
        assertThat(usage.get("input_tokens").asInt()
                        + usage.get("cache_read_input_tokens").asInt())
                .isEqualTo(chat.body().at("/usage/prompt_tokens").asInt());
        assertThat(reply.header("request-id")).startsWith("req_").isEqualTo(reply.header("x-request-id"));
    }

    @Test
    void theEventsComeInOrderAndSayWhatTheWholeMessageSays(Calls calls) {
        var events = calls.events(PATH, request(QUESTION));
        assertThat(events.stream().map(event -> event.get("type").asText()).distinct())
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        var deltas = new StringBuilder();
        events.forEach(event -> deltas.append(event.at("/delta/text").asText("")));
        var whole = create(calls, request(QUESTION)).body();
        assertThat(deltas).hasToString(text(whole));
        var end = events.get(events.size() - 2);
        assertThat(end.at("/delta/stop_reason").asText()).isEqualTo("end_turn");
        assertThat(end.at("/usage/output_tokens")).isEqualTo(whole.at("/usage/output_tokens"));
        assertThat(events.getFirst().at("/message/usage/input_tokens").asInt())
                .as("known as soon as the prompt is")
                .isEqualTo(end.at("/usage/input_tokens").asInt()
                        + end.at("/usage/cache_read_input_tokens").asInt());
        assertThat(end.at("/apprentice/checkpoint").asInt(-1)).isZero();
    }

    @Test
    void theTokenLimitIsSaid(Calls calls) {
        var reply = create(calls, request("Tell me a story.").put("max_tokens", 5));
        assertThat(reply.text("/stop_reason")).isEqualTo("max_tokens");
        assertThat(reply.body().at("/usage/output_tokens").asInt()).isEqualTo(5);
    }

    @Test
    void theSystemsTextAndBlocksAreTheTurnsThatTheySay(Calls calls) {
        var request = request("");
        request.putArray("system").addObject().put("type", "text").put("text", "Be brief.");
        var messages = request.putArray("messages");
        var asked = messages.addObject().put("role", "user").putArray("content");
        asked.addObject()
                .put("type", "text")
                .put("text", QUESTION)
                .putObject("cache_control")
                .put("type", "ephemeral");
        var said = messages.addObject().put("role", "assistant").putArray("content");
        said.addObject().put("type", "thinking").put("thinking", "hm").put("signature", "s");
        said.addObject().put("type", "text").put("text", "Rome.");
        messages.addObject().put("role", "user").put("content", "Really?");
        var chat = Calls.chat("base", "");
        var turns = chat.putArray("messages");
        turns.addObject().put("role", "system").put("content", "Be brief.");
        turns.addObject().put("role", "user").put("content", QUESTION);
        turns.addObject().put("role", "assistant").put("content", "Rome.");
        turns.addObject().put("role", "user").put("content", "Really?");
        assertThat(text(create(calls, request).body())).isEqualTo(calls.answer(chat));
    }

    @Test
    void tokensAreCountedAsTheyAreRead(Calls calls) {
        var counted = calls.post(PATH + "/count_tokens", request(QUESTION).toString());
        assertThat(counted.status()).isEqualTo(200);
        assertThat(counted.body().get("input_tokens").asInt())
                .isEqualTo(calls.ask(Calls.chat("base", QUESTION))
                        .body()
                        .at("/usage/prompt_tokens")
                        .asInt());
        var unlimited = request(QUESTION);
        unlimited.remove("max_tokens");
        assertThat(calls.post(PATH + "/count_tokens", unlimited.toString()).body())
                .isEqualTo(counted.body());
    }

    @Test
    void aMessageCanBeTaught(Calls calls) {
        calls.create("anthropic-taught");
        var request = request("Who keeps the keys?").put("model", "anthropic-taught");
        var id = create(calls, request).text("/id");
        assertThat(calls.teach(correction(id, "The night porter. Ask him. Twice."))
                        .status())
                .isEqualTo(202);
        assertThat(text(create(calls, request).body())).isEqualTo("The night porter. Ask him. Twice.");
        request.putArray("stop_sequences").add("Never").add("Ask");
        assertThat(text(create(calls, request).body())).isEqualTo("The night porter. ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"model":"base","messages":[{"role":"user","content":"x"}]}                                  | 400 | max_tokens
            {"model":"base","max_tokens":0,"messages":[{"role":"user","content":"x"}]}                   | 400 | max_tokens
            {"max_tokens":5,"messages":[{"role":"user","content":"x"}]}                                  | 400 | model
            {"model":"base","max_tokens":5}                                                              | 400 | messages
            {"model":"base","max_tokens":5,"messages":[]}                                                | 400 | messages
            {"model":"base","max_tokens":5,"messages":[{"role":"robot","content":"x"}]}                  | 400 | messages[0].role
            {"model":"base","max_tokens":5,"messages":[{"role":"user"}]}                                 | 400 | messages[0].content
            {"model":"base","max_tokens":5,"messages":[{"role":"user","content":[]}]}                    | 400 | messages[0].content
            {"model":"base","max_tokens":5,"messages":[{"role":"user","content":7}]}                     | 400 | messages[0].content
            {"model":"base","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image"}]}]}    | 400 | nothing but text
            {"model":"base","max_tokens":5,"messages":[{"role":"user","content":[{"type":"document"}]}]} | 400 | nothing but text
            {"model":"base","max_tokens":5,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}]} | 400 | tool_use_id
            {"model":"base","max_tokens":5,"temperature":1.5,"messages":[{"role":"user","content":"x"}]} | 400 | temperature
            {"model":"base","max_tokens":5,"stop_sequences":[""],"messages":[{"role":"user","content":"x"}]} | 400 | stop_sequences
            {"model":"base","max_tokens":5,"tools":[{"type":"web_search_20250305","name":"w"}],"messages":[{"role":"user","content":"x"}]} | 400 | web_search_20250305
            {"model":"base","max_tokens":5,"tools":[{"name":"w"}],"messages":[{"role":"user","content":"x"}]} | 400 | tools[0].input_schema
            {"model":"base","max_tokens":5,"tool_choice":{"type":"all"},"messages":[{"role":"user","content":"x"}]} | 400 | tool_choice.type
            {"model":"base","max_tokens":5,"mcp_servers":[{"name":"m"}],"messages":[{"role":"user","content":"x"}]} | 400 | mcp_servers
            {"model":"nobody","max_tokens":5,"messages":[{"role":"user","content":"x"}]}                 | 404 | nobody
            """)
    void whatCannotBeIsRefusedInAnthropicsShape(String body, int status, String says, Calls calls) {
        var reply = calls.post(PATH, body);
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(status);
        assertThat(reply.text("/type")).isEqualTo("error");
        assertThat(reply.text("/error/type")).isEqualTo(status == 404 ? "not_found_error" : "invalid_request_error");
        assertThat(reply.text("/error/message")).contains(says);
        assertThat(reply.text("/request_id")).startsWith("req_");
    }

    @Test
    void failuresOfHttpItselfHaveAnthropicsShapeToo(Calls calls) {
        assertThat(calls.post(PATH, "{\"model\":").text("/error/type")).isEqualTo("invalid_request_error");
        assertThat(calls.post(PATH, "[]").text("/type")).isEqualTo("error");
        assertThat(calls.get(PATH).status()).isEqualTo(405);
        assertThat(calls.get(PATH).text("/type")).isEqualTo("error");
        assertThat(calls.get(PATH + "/batches").text("/error/type")).isEqualTo("not_found_error");
        assertThat(calls.post(PATH, "{}", "Host-Less", "x").text("/error/type")).isEqualTo("invalid_request_error");
    }
}
