package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static dev.apprentice.server.Calls.example;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.asking.FinishReason;
import dev.apprentice.client.asking.Tool;
import dev.apprentice.client.asking.ToolCall;
import dev.apprentice.engine.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools, with a base whose chat template has a form for them (CASES C28, C31). */
@Timeout(300)
final class ToolServerTest {
    private static final String QUESTION = "What is 2 plus 3?";
    private static final String CALL =
            "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"x\": 2, \"y\": 3}}\n</tool_call>";

    @TempDir
    static Path folder;

    private static Apprentice apprentice;
    private static Calls calls;

    @BeforeAll
    static void open() throws IOException {
        apprentice = RealModel.openWithTools(folder, Map.of());
        calls = new Calls(apprentice.port());
        teach("caller", CALL);
        teach("talker", "I add them.\n" + CALL + "\n" + CALL);
        teach("bungler", "Well: <tool_call>\n{\"name\": \"add\", \"arguments\": {\"x\": 2,}}\n</tool_call> so");
    }

    private static void teach(String instance, String answer) {
        calls.create(instance);
        assertThat(calls.teach(example(instance, QUESTION, answer)).status()).isEqualTo(202);
    }

    @AfterAll
    static void close() {
        apprentice.close();
    }

    @Test
    void aCallIsToldAsACall() {
        var reply = calls.ask(question("caller"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("/choices/0/finish_reason")).isEqualTo("tool_calls");
        var message = reply.body().at("/choices/0/message");
        assertThat(message.get("content").isNull()).isTrue();
        assertThat(message.get("tool_calls")).hasSize(1);
        assertThat(message.at("/tool_calls/0/id").asText()).startsWith("call_");
        assertThat(message.at("/tool_calls/0/type").asText()).isEqualTo("function");
        assertThat(message.at("/tool_calls/0/function").toString())
                .isEqualTo("{\"name\":\"add\",\"arguments\":\"{\\\"x\\\": 2, \\\"y\\\": 3}\"}");
    }

    @Test
    void theStreamMakesTheSameCallsWithIndexAndIdOfTheirOwn() {
        var chunks = calls.stream(question("talker")).chunks();
        var text = new StringBuilder();
        var arguments = new String[] {"", ""};
        var ids = new java.util.HashSet<String>();
        for (var chunk : chunks) {
            var delta = chunk.at("/choices/0/delta");
            text.append(delta.path("content").asText(""));
            for (var call : delta.path("tool_calls")) {
                arguments[call.get("index").asInt()] +=
                        call.at("/function/arguments").asText();
                if (call.has("id")) {
                    ids.add(call.get("id").asText());
                    assertThat(call.at("/function/name").asText()).isEqualTo("add");
                }
            }
        }
        assertThat(text).hasToString("I add them.");
        assertThat(arguments).containsOnly("{\"x\": 2, \"y\": 3}");
        assertThat(ids).hasSize(2);
        assertThat(chunks.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    }

    @Test
    void oneCallIsTheMostWhereMoreAreNotWanted() {
        var reply = calls.ask(question("talker").put("parallel_tool_calls", false));
        assertThat(reply.body().at("/choices/0/message/tool_calls")).hasSize(1);
        assertThat(calls.ask(question("talker")).body().at("/choices/0/message/tool_calls"))
                .hasSize(2);
    }

    @Test
    void brokenJsonIsGivenBackAsText() {
        var reply = calls.ask(question("bungler"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("/choices/0/message/content"))
                .contains("\"arguments\": {\"x\": 2,}")
                .endsWith(" so");
        assertThat(reply.body().at("/choices/0/message").has("tool_calls")).isFalse();
        assertThat(reply.text("/choices/0/finish_reason")).isEqualTo("stop");
    }

    @Test
    void aCallThatMustBeIsMade() {
        var required =
                calls.ask(question("bungler").put("tool_choice", "required").put("max_tokens", 200));
        assertThat(required.status()).as("%s", required.body()).isEqualTo(200);
        assertThat(required.text("/choices/0/finish_reason")).isIn("tool_calls", "length");
        assertThat(required.text("/choices/0/message/content")).doesNotContain(" so");
    }

    @Test
    void aStrictCallThatMayBeIsHeldToItsSchemaAndTextIsNot() {
        var call = calls.ask(strict("caller"));
        assertThat(call.status()).as("%s", call.body()).isEqualTo(200);
        assertThat(call.text("/choices/0/message/tool_calls/0/function/arguments"))
                .isEqualTo("{\"x\": 2, \"y\": 3}");
        var mixed = calls.ask(strict("talker")).body().at("/choices/0/message");
        assertThat(mixed.get("content").asText()).isEqualTo("I add them.");
        assertThat(mixed.get("tool_calls")).hasSize(2);
    }

    @Test
    void whatIsRememberedGivesWayToAStrictSchemaThatItDoesNotHave() {
        var reply = calls.ask(strict("bungler").put("max_tokens", 30));
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        assertThat(reply.text("/choices/0/message/content")).doesNotContain("\"x\": 2,}");
    }

    @Test
    void aStrictSchemaThatCannotBeHeldIsRefusedByTool() {
        var body = strict("caller");
        ((ObjectNode) body.at("/tools/0/function/parameters")).putObject("not");
        var reply = calls.ask(body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("/error/param")).isEqualTo("tools.add.parameters.not");
    }

    private static ObjectNode strict(String model) {
        var body = question(model);
        var function = ((ObjectNode) body.at("/tools/0/function")).put("strict", true);
        var parameters = (ObjectNode) function.get("parameters");
        parameters.putObject("properties").putObject("x").put("type", "integer");
        ((ObjectNode) parameters.get("properties")).putObject("y").put("type", "integer");
        parameters.putArray("required").add("x").add("y");
        parameters.put("additionalProperties", false);
        return body;
    }

    @Test
    void noneIsNeverACallAndOffersNothing() {
        var with =
                calls.ask(question("caller")).body().at("/usage/prompt_tokens").asInt();
        var reply = calls.ask(question("caller").put("tool_choice", "none"));
        assertThat(reply.body().at("/choices/0/message").has("tool_calls")).isFalse();
        assertThat(reply.text("/choices/0/finish_reason")).isEqualTo("stop");
        assertThat(reply.body().at("/usage/prompt_tokens").asInt()).isLessThan(with);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"content\":null,\"tool_calls\":[%s]",
                "\"tool_calls\":[%s]",
                "\"content\":\"\",\"tool_calls\":[%s]",
                "\"content\":[{\"type\":\"text\",\"text\":\"\"}],\"tool_calls\":[%s]"
            })
    void aToolConversationIsShownInTheModelsOwnForm(String turn) throws JsonProcessingException {
        var call =
                "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"x\\\":1}\"}}";
        var tokens = history(turn.formatted(call), "[{\"type\":\"text\",\"text\":\"2\"}]");
        // the template writes json.dumps of the mapping; this is that turn written by hand, between the same marks
        var byHand =
                "\"content\":\"<tool_call>\\n{\\\"name\\\": \\\"add\\\", \\\"arguments\\\": {\\\"x\\\": 1}}\\n</tool_call>\"";
        assertThat(tokens).isEqualTo(history(byHand, "\"2\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"tool_calls\":[]", "\"content\":null,\"tool_calls\":[]"})
    void noCallsAreNoCalls(String turn) throws JsonProcessingException {
        assertThat(history(turn, "\"2\"")).isEqualTo(history("\"content\":\"\"", "\"2\""));
    }

    @Test
    void emptyArgumentsAndIdsAreTaken() throws JsonProcessingException {
        var call = "{\"id\":\"\",\"type\":\"function\",\"function\":{\"name\":\"now\",\"arguments\":\"\"}}";
        assertThat(history("\"content\":null,\"tool_calls\":[" + call + "]", "\"2\""))
                .isPositive();
    }

    @Test
    void aCorrectionByCallsIsTheAnswerFromTheNextRequestOn() throws JsonProcessingException {
        calls.create("mender");
        var first = calls.ask(question("mender").put("max_tokens", 4));
        var given = calls.post("/v1/feedback", correction(first.text("/id"), "add", "{\"x\":2,\"y\":3}"));
        assertThat(given.status()).as("%s", given.body()).isEqualTo(202);

        var again = calls.ask(question("mender"));
        assertThat(again.text("/choices/0/finish_reason")).isEqualTo("tool_calls");
        assertThat(Json.strict().readTree(again.text("/choices/0/message/tool_calls/0/function/arguments")))
                .isEqualTo(Json.strict().readTree("{\"x\":2,\"y\":3}"));
        assertThat(again.text("/apprentice/recalled/0")).isEqualTo(given.text("/id"));
        var withoutTools = question("mender").put("max_tokens", 4);
        withoutTools.remove("tools");
        assertThat(calls.ask(withoutTools).body().at("/apprentice/recalled"))
                .as("a call that nobody offers is not made")
                .isEmpty();

        var lesson = calls.get("/v1/lessons/" + given.text("/id"));
        assertThat(lesson.text("/message/tool_calls/0/function/arguments")).isEqualTo("{\"x\":2,\"y\":3}");
        assertThat(lesson.text("/tools/0/function/name")).isEqualTo("add");
        assertThat(lesson.text("/answer")).isEqualTo(CALL);
    }

    @ParameterizedTest
    @EnumSource(SdkWay.class)
    void ourClientCorrectsByCalls(SdkWay way) {
        try (var client = way.to(apprentice.port()).build()) {
            var instance = way.learner(client, "mender");
            var parameters = Json.strict().createObjectNode().put("type", "object");
            var asked = AskRequest.builder(instance)
                    .user(QUESTION)
                    .tools(List.of(Tool.function("add", "Adds.", parameters)))
                    .temperature(0)
                    .maxTokens(40)
                    .build();
            var first = client.ask(asked);

            var given = client.correct(first.id(), List.of(ToolCall.of("call_1", "add", "{\"x\":2,\"y\":3}")));

            assertThat(client.lessons().get(given.id()).toolCalls())
                    .singleElement()
                    .satisfies(made -> assertThat(made.name()).isEqualTo("add"));
            var again = client.ask(asked);
            assertThat(again.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(again.toolCalls())
                    .singleElement()
                    .satisfies(made -> assertThat(made.name()).isEqualTo("add"));
        }
    }

    @Test
    void callsAreExportedAndAnswerWhereTheyAreImported() {
        calls.create("giver");
        calls.create("taker");
        var id = calls.ask(question("giver").put("max_tokens", 4)).text("/id");
        assertThat(calls.post("/v1/feedback", correction(id, "add", "{\"x\":5}"))
                        .status())
                .isEqualTo(202);
        var file = calls.raw("/v1/lessons:export?instance=giver").body();
        assertThat(calls.postBytes(
                                "/v1/lessons:import?instance=taker",
                                file.getBytes(StandardCharsets.UTF_8),
                                "application/jsonl")
                        .body()
                        .get("added")
                        .asInt())
                .isEqualTo(1);
        assertThat(calls.ask(question("taker")).text("/choices/0/message/tool_calls/0/function/arguments"))
                .isEqualTo("{\"x\": 5}");
        assertThat(calls.raw("/v1/lessons:export?instance=taker").body()).isEqualTo(file.replace("giver", "taker"));
    }

    @Test
    void turnsOfCallsInOpenAisFilesAreTaught() {
        calls.create("tuned");
        var file = """
                {"messages":[{"role":"user","content":"%s"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1",\
                "type":"function","function":{"name":"add","arguments":"{\\"x\\":7}"}}]},\
                {"role":"tool","tool_call_id":"c1","content":"9"},{"role":"assistant","content":"It is 9."}],\
                "tools":[{"type":"function","function":{"name":"add","description":"Adds.",\
                "parameters":{"type":"object"}}}]}
                """.formatted(QUESTION);
        var reply = calls.postBytes(
                "/v1/lessons:import?instance=tuned", file.getBytes(StandardCharsets.UTF_8), "application/jsonl");
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(202);
        assertThat(reply.body().get("added").asInt()).isEqualTo(2);
        assertThat(calls.ask(question("tuned")).text("/choices/0/message/tool_calls/0/function/arguments"))
                .isEqualTo("{\"x\": 7}");
    }

    @Test
    void callsThatNobodyCouldMakeAreNotTaught() {
        calls.create("strange");
        var id = calls.ask(question("strange").put("max_tokens", 2)).text("/id");
        var unknown = calls.post("/v1/feedback", correction(id, "subtract", "{}"));
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.text("/field")).isEqualTo("message.tool_calls");
        assertThat(unknown.text("/code")).isEqualTo("tool_not_offered");
        assertThat(calls.post("/v1/feedback", correction(id, "add", "7")).status())
                .isEqualTo(400);
        assertThat(calls.get("/v1/lessons?instance=strange").body().get("data")).isEmpty();
    }

    private static String correction(String interaction, String tool, String arguments) {
        var body =
                Json.strict().createObjectNode().put("interaction", interaction).put("kind", "correction");
        var call = body.putObject("message")
                .putNull("content")
                .putArray("tool_calls")
                .addObject();
        call.put("type", "function").putObject("function").put("name", tool).put("arguments", arguments);
        return body.toString();
    }

    /** Tokens of the prompt of a conversation with that assistant's turn and that answer of the tool. */
    private static int history(String turn, String answer) throws JsonProcessingException {
        var reply = calls.ask((ObjectNode) Json.strict().readTree("""
                {"model":"base","max_tokens":1,"messages":[{"role":"user","content":"1+1?"},
                  {"role":"assistant",%s},{"role":"tool","tool_call_id":"c1","content":%s}],"tools":[]}""".formatted(turn, answer)));
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body().at("/usage/prompt_tokens").asInt();
    }

    private static ObjectNode question(String model) {
        var body = chat(model, QUESTION).put("max_tokens", 120);
        var function =
                body.putArray("tools").addObject().put("type", "function").putObject("function");
        function.put("name", "add")
                .put("description", "Adds.")
                .putObject("parameters")
                .put("type", "object");
        return body;
    }
}
