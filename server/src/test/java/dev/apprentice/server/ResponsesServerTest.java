package dev.apprentice.server;

import static dev.apprentice.server.Calls.correction;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses of the real server with the real default model. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class ResponsesServerTest {
    private static final String PATH = "/v1/responses";
    private static final String QUESTION = "Name the capital of France.";

    private static ObjectNode request(String input) {
        return Json.strict()
                .createObjectNode()
                .put("model", "base")
                .put("input", input)
                .put("temperature", 0)
                .put("max_output_tokens", 24);
    }

    private static Calls.Reply create(Calls calls, ObjectNode request) {
        var reply = calls.post(PATH, request.toString());
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        return reply;
    }

    private static String text(JsonNode response) {
        return response.at("/output/0/content/0/text").asText();
    }

    @Test
    void aResponseHasTheWordsOfAChatCompletion(Calls calls) {
        var response = create(calls, request(QUESTION));
        assertThat(text(response.body())).isEqualTo(calls.answer(Calls.chat("base", QUESTION)));
        assertThat(response.text("/id")).startsWith("resp_");
        assertThat(response.text("/object")).isEqualTo("response");
        assertThat(response.text("/status")).isEqualTo("completed");
        assertThat(response.text("/output/0/type")).isEqualTo("message");
        assertThat(response.body().at("/apprentice/checkpoint").asInt(-1)).isZero();
        var usage = response.body().get("usage");
        assertThat(usage.get("total_tokens").asInt())
                .isEqualTo(usage.get("input_tokens").asInt()
                        + usage.get("output_tokens").asInt());
    }

    @Test
    void theEventsComeInOrderAndSayWhatTheWholeResponseSays(Calls calls) {
        var events = calls.events(PATH, request(QUESTION));
        var types = events.stream().map(event -> event.get("type").asText()).toList();
        assertThat(types.stream().distinct())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(events)
                .extracting(event -> event.get("sequence_number").asInt())
                .containsExactlyElementsOf(
                        IntStream.range(0, events.size()).boxed().toList());
        var deltas = new StringBuilder();
        events.forEach(event -> deltas.append(event.path("delta").asText("")));
        var whole = events.getLast().get("response");
        assertThat(text(whole))
                .isEqualTo(deltas.toString())
                .isEqualTo(text(create(calls, request(QUESTION)).body()));
        assertThat(whole.get("id")).isEqualTo(events.getFirst().at("/response/id"));
    }

    @Test
    void aCutResponseIsIncompleteAndSaysWhy(Calls calls) {
        var response = create(calls, request("Tell me a story.").put("max_output_tokens", 5));
        assertThat(response.text("/status")).isEqualTo("incomplete");
        assertThat(response.text("/incomplete_details/reason")).isEqualTo("max_output_tokens");
        assertThat(response.text("/output/0/status")).isEqualTo("incomplete");
        assertThat(response.body().at("/usage/output_tokens").asInt()).isEqualTo(5);
        var events = calls.events(PATH, request("Tell me a story.").put("max_output_tokens", 5));
        assertThat(events.getLast().get("type").asText()).isEqualTo("response.incomplete");
    }

    @Test
    void aResponseCanBeReadAgainUntilItIsDeleted(Calls calls) {
        var response = create(calls, request(QUESTION).put("max_output_tokens", 4));
        var path = PATH + "/" + response.text("/id");
        assertThat(calls.get(path).body()).isEqualTo(response.body());
        assertThat(calls.delete(path).body().get("deleted").asBoolean()).isTrue();
        assertThat(calls.get(path).status()).isEqualTo(404);
        assertThat(calls.delete(path).status()).isEqualTo(404);
    }

    @Test
    void anEarlierResponseIsGoneOnFromWithoutItsInstructions(Calls calls) {
        var first = create(
                calls,
                request("My name is Ada.").put("instructions", "Be brief.").put("max_output_tokens", 8));
        var second = create(calls, request("And mine?").put("previous_response_id", first.text("/id")));
        var chat = Calls.chat("base", "My name is Ada.");
        var messages = chat.withArray("messages");
        messages.addObject().put("role", "assistant").put("content", text(first.body()));
        messages.addObject().put("role", "user").put("content", "And mine?");
        var same = calls.ask(chat);
        assertThat(text(second.body())).isEqualTo(same.text("/choices/0/message/content"));
        assertThat(second.body().at("/usage/input_tokens").asInt())
                .isEqualTo(same.body().at("/usage/prompt_tokens").asInt());
        assertThat(second.text("/previous_response_id")).isEqualTo(first.text("/id"));
    }

    @Test
    void itemsAreTheTurnsThatTheySay(Calls calls) {
        var request = request("").put("instructions", "Be brief.");
        var input = request.putArray("input");
        input.addObject().put("role", "user").put("content", QUESTION);
        var said = input.addObject()
                .put("type", "message")
                .put("role", "assistant")
                .put("id", "msg_x");
        said.putArray("content").addObject().put("type", "output_text").put("text", "Rome.");
        var asked = input.addObject().put("role", "user");
        asked.putArray("content").addObject().put("type", "input_text").put("text", "Really?");
        var chat = Calls.chat("base", "");
        var messages = chat.putArray("messages");
        messages.addObject().put("role", "system").put("content", "Be brief.");
        messages.addObject().put("role", "user").put("content", QUESTION);
        messages.addObject().put("role", "assistant").put("content", "Rome.");
        messages.addObject().put("role", "user").put("content", "Really?");
        assertThat(text(create(calls, request).body())).isEqualTo(calls.answer(chat));
    }

    @Test
    void whatIsNotStoredCannotBeHadAgainAndCanBeTaught(Calls calls) {
        calls.create("resp-unstored");
        var request = request(QUESTION).put("model", "resp-unstored").put("store", false);
        var id = create(calls, request).text("/id");
        assertThat(calls.get(PATH + "/" + id).status()).isEqualTo(404);
        var next = calls.post(
                PATH, request("Go on.").put("previous_response_id", id).toString());
        assertThat(next.status()).isEqualTo(404);
        assertThat(next.text("/error/param")).isEqualTo("previous_response_id");
        assertThat(next.text("/error/code")).isEqualTo("previous_response_not_found");
        assertThat(calls.teach(correction(id, "Lyon, of old.")).status()).isEqualTo(202);
        assertThat(text(create(calls, request).body())).isEqualTo("Lyon, of old.");
    }

    @Test
    void logprobsAreToldWhereTheyAreIncluded(Calls calls) {
        var request = request(QUESTION).put("top_logprobs", 2);
        request.putArray("include").add("message.output_text.logprobs");
        var content = create(calls, request).body().at("/output/0/content/0");
        var joined = new StringBuilder();
        content.get("logprobs")
                .forEach(token -> joined.append(token.get("token").asText()));
        assertThat(joined).hasToString(content.get("text").asText());
        assertThat(content.get("logprobs"))
                .allSatisfy(token -> assertThat(token.get("top_logprobs")).hasSize(2));
        assertThat(create(calls, request(QUESTION)).body().at("/output/0/content/0/logprobs"))
                .isEmpty();
    }

    @Test
    void theResponseRepeatsWhatHeldForIt(Calls calls) {
        var request =
                request("Hi.").put("max_output_tokens", 2).put("user", "u1").put("top_p", 0.5);
        request.putObject("metadata").put("episode", "e1").put("k", "v");
        request.putObject("reasoning").put("effort", "low"); // means nothing here
        var body = create(calls, request).body();
        assertThat(body.at("/metadata/k").asText()).isEqualTo("v");
        assertThat(body.get("user").asText()).isEqualTo("u1");
        assertThat(body.get("top_p").asDouble()).isEqualTo(0.5);
        assertThat(body.get("temperature").asDouble()).isZero();
        assertThat(body.at("/text/format/type").asText()).isEqualTo("text");
        assertThat(body.get("truncation").asText()).isEqualTo("disabled");
        assertThat(body.at("/apprentice/episode").asText()).isEqualTo("e1");
        for (var field : List.of("error", "instructions", "previous_response_id")) {
            assertThat(body.get(field).isNull()).as(field).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"model":"base"}                                                             | 400 | input
            {"input":"x"}                                                                | 400 | model
            {"model":"nobody","input":"x"}                                               | 404 | model
            {"model":"base","input":[]}                                                  | 400 | input
            {"model":"base","input":7}                                                   | 400 | input
            {"model":"base","input":[{"role":"robot","content":"x"}]}                    | 400 | input[0].role
            {"model":"base","input":[{"type":"item_reference","id":"msg_1"}]}            | 400 | input[0].type
            {"model":"base","input":[{"type":"computer_call","id":"c"}]}                 | 400 | input[0].type
            {"model":"base","input":[{"role":"user","content":[{"type":"input_image"}]}]} | 400 | input[0].content[0].type
            {"model":"base","input":[{"type":"function_call_output","call_id":"c","output":"x"}]} | 400 | input[0].call_id
            {"model":"base","input":"x","tools":[{"type":"web_search"}]}                 | 400 | tools[0].type
            {"model":"base","input":"x","tools":[{"type":"function"}]}                   | 400 | tools[0].name
            {"model":"base","input":"x","tool_choice":"sometimes"}                       | 400 | tool_choice
            {"model":"base","input":"x","tool_choice":{"type":"file_search"}}            | 400 | tool_choice.type
            {"model":"base","input":"x","truncation":"auto"}                             | 400 | truncation
            {"model":"base","input":"x","background":true}                               | 400 | background
            {"model":"base","input":"x","conversation":"conv_1"}                         | 400 | conversation
            {"model":"base","input":"x","prompt":{"id":"p"}}                             | 400 | prompt
            {"model":"base","input":"x","include":["everything"]}                        | 400 | include
            {"model":"base","input":"x","max_output_tokens":0}                           | 400 | max_output_tokens
            {"model":"base","input":"x","temperature":3}                                 | 400 | temperature
            {"model":"base","input":"x","text":{"format":{"type":"yaml"}}}               | 400 | text.format.type
            {"model":"base","input":"x","text":{"format":{"type":"json_schema","name":"n"}}} | 400 | text.format.schema
            {"model":"base","input":"x","metadata":{"k":7}}                              | 400 | metadata.k
            {"model":"base","input":"x","previous_response_id":"resp_no"}                | 404 | previous_response_id
            """)
    void whatCannotBeIsRefusedByItsName(String body, int status, String param, Calls calls) {
        var reply = calls.post(PATH, body);
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(status);
        assertThat(reply.text("/error/param")).endsWith(param);
        assertThat(reply.text("/error/message")).isNotBlank();
        assertThat(reply.text("/error/type")).isEqualTo("invalid_request_error");
    }

    @Test
    void whatIsRefusedIsNamed(Calls calls) {
        var reply = calls.post(PATH, "{\"model\":\"base\",\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}]}");
        assertThat(reply.text("/error/message")).contains("web_search");
        assertThat(calls.get(PATH + "/resp_no").text("/error/code")).isEqualTo("response_not_found");
    }
}
