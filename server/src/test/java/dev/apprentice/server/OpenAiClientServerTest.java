package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.RequestOptions;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.WebSearchTool;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** OpenAI's own Java client, which knows nothing of us but the address; every answer is held to its own rules. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class OpenAiClientServerTest {
    private static final String QUESTION = "Name the capital of France.";

    private OpenAIClient client;

    @BeforeEach
    void open(Apprentice apprentice) {
        client = OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + apprentice.port() + "/v1")
                .apiKey("any")
                .responseValidation(true)
                .build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void chatAndItsStreamSayTheSame() {
        var whole = client.chat().completions().create(chat("base").build()).validate();
        assertThat(whole.choices().getFirst().message().content().orElseThrow()).contains("Paris");
        var accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(chat("base").build())) {
            stream.stream().forEach(chunk -> accumulator.accumulate(chunk.validate()));
        }
        assertThat(accumulator.chatCompletion().choices().getFirst().message().content())
                .isEqualTo(whole.choices().getFirst().message().content());
    }

    @Test
    void logprobsAreRead() {
        var answer = client.chat()
                .completions()
                .create(chat("base").logprobs(true).topLogprobs(2).build())
                .validate();
        var tokens =
                answer.choices().getFirst().logprobs().orElseThrow().content().orElseThrow();
        assertThat(tokens)
                .isNotEmpty()
                .allSatisfy(token -> assertThat(token.topLogprobs()).hasSize(2));
    }

    @Test
    void aPromptIsScoredByTheOlderCompletions() {
        var params = CompletionCreateParams.builder()
                .model("base")
                .prompt("The capital of France is Paris.")
                .echo(true)
                .maxTokens(0)
                .logprobs(1)
                .build();
        // its own check stumbles over the null that stands for the first token's alternatives
        var unchecked = RequestOptions.builder().responseValidation(false).build();
        var choice = client.completions().create(params, unchecked).choices().getFirst();
        var logprobs = choice.logprobs().orElseThrow();
        var scores = logprobs.tokenLogprobs().orElseThrow();
        assertThat(choice.text()).isEqualTo("The capital of France is Paris.");
        assertThat(String.join("", logprobs.tokens().orElseThrow())).isEqualTo(choice.text());
        assertThat(scores.getFirst()).isNull();
        assertThat(scores.subList(1, scores.size()))
                .allSatisfy(score -> assertThat(score).isNegative());
        var joined = new StringBuilder();
        try (var stream = client.completions().createStreaming(params, unchecked)) {
            stream.stream()
                    .forEach(chunk -> joined.append(chunk.choices().getFirst().text()));
        }
        assertThat(joined).hasToString(choice.text());
    }

    @Test
    void modelsAreListedAndFound() {
        assertThat(client.models().list().data()).extracting(Model::id).contains("apprentice", "base");
        assertThat(client.models().retrieve("base").validate().id()).isEqualTo("base");
        assertThatThrownBy(() -> client.models().retrieve("nobody")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void errorsHaveTheirCodeAndField() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(chat("base").temperature(1.0).topLogprobs(3).build()))
                .isInstanceOfSatisfying(BadRequestException.class, error -> {
                    assertThat(error.param()).contains("top_logprobs");
                    assertThat(error.type()).contains("invalid_request_error");
                });
        assertThatThrownBy(
                        () -> client.chat().completions().create(chat("nobody").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        error -> assertThat(error.code()).contains("model_not_found"));
    }

    @Test
    void aResponseIsReadGoneOnFromAndDeleted() {
        var first = client.responses().create(response().build()).validate();
        assertThat(text(first)).contains("Paris");
        assertThat(first.status()).contains(ResponseStatus.COMPLETED);
        assertThat(client.responses().retrieve(first.id()).validate()).isEqualTo(first);
        var second = client.responses()
                .create(response()
                        .input("And of Italy?")
                        .previousResponseId(first.id())
                        .build())
                .validate();
        assertThat(second.previousResponseId()).contains(first.id());
        assertThat(second.usage().orElseThrow().inputTokens())
                .isGreaterThan(first.usage().orElseThrow().inputTokens());
        client.responses().delete(first.id());
        assertThatThrownBy(() -> client.responses().retrieve(first.id())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void everyEventOfAResponseIsUnderstood() {
        var accumulator = ResponseAccumulator.create();
        List<ResponseStreamEvent> events;
        try (var stream = client.responses().createStreaming(response().build())) {
            events = stream.stream()
                    .map(ResponseStreamEvent::validate)
                    .map(accumulator::accumulate)
                    .toList();
        }
        var deltas = new StringBuilder();
        events.forEach(event -> event.outputTextDelta().ifPresent(delta -> deltas.append(delta.delta())));
        assertThat(events.getFirst().isCreated()).isTrue();
        assertThat(events.getLast().isCompleted()).isTrue();
        assertThat(deltas).hasToString(text(accumulator.response()));
        assertThat(text(accumulator.response()))
                .isEqualTo(text(client.responses().create(response().build())));
    }

    @Test
    void aResponseHasLogprobsWhereTheyAreIncluded() {
        var response = client.responses()
                .create(response()
                        .addInclude(ResponseIncludable.MESSAGE_OUTPUT_TEXT_LOGPROBS)
                        .topLogprobs(2)
                        .build())
                .validate();
        assertThat(part(response).logprobs().orElseThrow())
                .isNotEmpty()
                .allSatisfy(token -> assertThat(token.topLogprobs()).hasSize(2));
    }

    @Test
    void aBuiltInToolIsRefusedByItsType() {
        var search = WebSearchTool.builder().type(WebSearchTool.Type.WEB_SEARCH).build();
        assertThatThrownBy(() ->
                        client.responses().create(response().addTool(search).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("web_search");
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage(QUESTION)
                .temperature(0)
                .maxCompletionTokens(24);
    }

    private static ResponseCreateParams.Builder response() {
        return ResponseCreateParams.builder()
                .model("base")
                .input(QUESTION)
                .temperature(0)
                .maxOutputTokens(24);
    }

    private static ResponseOutputText part(Response response) {
        return response.output().getFirst().asMessage().content().getFirst().asOutputText();
    }

    private static String text(Response response) {
        return part(response).text();
    }
}
