package dev.apprentice.server;

import static dev.apprentice.server.Calls.example;
import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseStreamEvent;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tools through clients that others wrote, with a base whose chat template has a form for them. */
@Timeout(300)
final class ToolClientsServerTest {
    private static final String QUESTION = "What is 2 plus 3?";
    private static final String CALL =
            "I add.\n<tool_call>\n{\"name\": \"add\", \"arguments\": {\"x\": 2, \"y\": 3}}\n</tool_call>";

    @TempDir
    static Path folder;

    private static Apprentice apprentice;
    private static OpenAIClient openai;
    private static AnthropicClient anthropic;

    /** What a call is made with. */
    record Sum(int x, int y) {}

    @BeforeAll
    static void open() throws IOException {
        apprentice = RealModel.openWithTools(folder, Map.of());
        var calls = new Calls(apprentice.port());
        calls.create("caller");
        assertThat(calls.teach(example("caller", QUESTION, CALL)).status()).isEqualTo(202);
        openai = OpenAIOkHttpClient.builder()
                .baseUrl(url() + "/v1")
                .apiKey("any")
                .responseValidation(true)
                .build();
        anthropic = AnthropicOkHttpClient.builder()
                .baseUrl(url())
                .apiKey("any")
                .responseValidation(true)
                .build();
    }

    @AfterAll
    static void close() {
        openai.close();
        anthropic.close();
        apprentice.close();
    }

    private static String url() {
        return "http://127.0.0.1:" + apprentice.port();
    }

    @Test
    void openAiReadsACallInChat() {
        var parameters = FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .build();
        var add =
                FunctionDefinition.builder().name("add").parameters(parameters).build();
        var answer = openai.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("caller")
                        .addUserMessage(QUESTION)
                        .addFunctionTool(add)
                        .build())
                .validate();
        var choice = answer.choices().getFirst();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        var call = choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.function().name()).isEqualTo("add");
        assertThat(call.function().arguments(Sum.class)).isEqualTo(new Sum(2, 3));
    }

    @Test
    void openAiReadsACallInAResponseAndAnswersIt() {
        var asked =
                openai.responses().create(response().input(QUESTION).build()).validate();
        var call = call(asked.output().getLast().asFunctionCall());
        var output = ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.callId())
                .output("5")
                .build();
        var answer = openai.responses()
                .create(response()
                        .previousResponseId(asked.id())
                        .inputOfResponse(List.of(ResponseInputItem.ofFunctionCallOutput(output)))
                        .maxOutputTokens(4)
                        .build())
                .validate();
        assertThat(answer.usage().orElseThrow().inputTokens())
                .isGreaterThan(asked.usage().orElseThrow().inputTokens());
    }

    @Test
    void openAiReadsACallInTheEventsOfAResponse() {
        var accumulator = ResponseAccumulator.create();
        List<ResponseStreamEvent> events;
        try (var stream =
                openai.responses().createStreaming(response().input(QUESTION).build())) {
            events = stream.stream()
                    .map(ResponseStreamEvent::validate)
                    .map(accumulator::accumulate)
                    .toList();
        }
        var arguments = new StringBuilder();
        events.forEach(event -> event.functionCallArgumentsDelta().ifPresent(it -> arguments.append(it.delta())));
        var call = call(accumulator.response().output().getLast().asFunctionCall());
        assertThat(arguments).hasToString(call.arguments());
        assertThat(accumulator.response().output().getFirst().asMessage().content())
                .first()
                .satisfies(
                        part -> assertThat(part.asOutputText().text().strip()).isEqualTo("I add."));
    }

    private static ResponseFunctionToolCall call(ResponseFunctionToolCall call) {
        assertThat(call.name()).isEqualTo("add");
        assertThat(call.callId()).startsWith("call_");
        assertThat(call.arguments(Sum.class)).isEqualTo(new Sum(2, 3));
        return call;
    }

    private static ResponseCreateParams.Builder response() {
        var parameters = FunctionTool.Parameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .build();
        return ResponseCreateParams.builder()
                .model("caller")
                .addTool(FunctionTool.builder()
                        .name("add")
                        .parameters(parameters)
                        .strict(false)
                        .build());
    }

    @Test
    void anthropicReadsACallAndAnswersIt() {
        var asked = anthropic.messages().create(message().build()).validate();
        assertThat(asked.stopReason()).contains(StopReason.TOOL_USE);
        var use = asked.content().getLast().asToolUse();
        assertThat(use.name()).isEqualTo("add");
        assertThat(use._input().convert(Sum.class)).isEqualTo(new Sum(2, 3));
        var result =
                ToolResultBlockParam.builder().toolUseId(use.id()).content("5").build();
        var answer = anthropic
                .messages()
                .create(message()
                        .maxTokens(4)
                        .addMessage(asked)
                        .addUserMessageOfContentBlockParams(List.of(ContentBlockParam.ofToolResult(result)))
                        .build())
                .validate();
        assertThat(answer.usage().outputTokens()).isPositive();
    }

    @Test
    void anthropicReadsACallInEvents() {
        var accumulator = MessageAccumulator.create();
        try (var stream = anthropic.messages().createStreaming(message().build())) {
            stream.stream().map(RawMessageStreamEvent::validate).forEach(accumulator::accumulate);
        }
        var blocks = accumulator.message().content();
        assertThat(blocks.getFirst().asText().text().strip()).isEqualTo("I add.");
        assertThat(blocks.getLast().asToolUse()._input().convert(Sum.class)).isEqualTo(new Sum(2, 3));
    }

    private static MessageCreateParams.Builder message() {
        var schema = Tool.InputSchema.builder().build();
        return MessageCreateParams.builder()
                .model("caller")
                .maxTokens(120)
                .addUserMessage(QUESTION)
                .addTool(Tool.builder().name("add").inputSchema(schema).build());
    }

    @Test
    void langChainReadsACall() {
        var model = OpenAiChatModel.builder()
                .baseUrl(url() + "/v1")
                .apiKey("any")
                .modelName("caller")
                .build();
        var add = ToolSpecification.builder()
                .name("add")
                .parameters(JsonObjectSchema.builder()
                        .addIntegerProperty("x")
                        .addIntegerProperty("y")
                        .build())
                .build();
        var answer = model.chat(ChatRequest.builder()
                .messages(UserMessage.from(QUESTION))
                .toolSpecifications(add)
                .build());
        var call = answer.aiMessage().toolExecutionRequests().getFirst();
        assertThat(call.name()).isEqualTo("add");
        assertThat(call.arguments()).isEqualTo("{\"x\": 2, \"y\": 3}");
    }
}
