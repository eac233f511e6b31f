package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Anthropic's own Java client, which knows nothing of us but the address; answers are held to its own rules. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class AnthropicClientServerTest {
    private static final String QUESTION = "Name the capital of France.";

    private AnthropicClient client;

    @BeforeEach
    void open(Apprentice apprentice) {
        client = AnthropicOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + apprentice.port())
                .apiKey("any")
                .responseValidation(true)
                .build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aMessageAndItsStreamSayTheSame() {
        var whole = client.messages().create(message("base").build()).validate();
        assertThat(text(whole)).contains("Paris");
        assertThat(whole.stopReason()).contains(StopReason.END_TURN);
        var accumulator = MessageAccumulator.create();
        try (var stream = client.messages().createStreaming(message("base").build())) {
            stream.stream().map(RawMessageStreamEvent::validate).forEach(accumulator::accumulate);
        }
        assertThat(text(accumulator.message())).isEqualTo(text(whole));
        assertThat(accumulator.message().usage().outputTokens())
                .isEqualTo(whole.usage().outputTokens());
    }

    @Test
    void theLimitAndTheSystemsWordsHold() {
        var brief = client.messages()
                .create(message("base").system("Be brief.").maxTokens(3).build())
                .validate();
        assertThat(brief.stopReason()).contains(StopReason.MAX_TOKENS);
        assertThat(brief.usage().outputTokens()).isEqualTo(3);
    }

    @Test
    void tokensAreCounted() {
        var counted = client.messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model("base")
                        .addUserMessage(QUESTION)
                        .build())
                .validate();
        var usage =
                client.messages().create(message("base").maxTokens(1).build()).usage();
        assertThat(counted.inputTokens())
                .isEqualTo(usage.inputTokens() + usage.cacheReadInputTokens().orElseThrow());
    }

    @Test
    void errorsAreOfTheTypeThatTheyAre() {
        assertThatThrownBy(() -> client.messages().create(message("nobody").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        error ->
                                assertThat(error.headers().values("request-id")).hasSize(1))
                .hasMessageContaining("nobody");
        assertThatThrownBy(() -> client.messages()
                        .create(message("base")
                                .putAdditionalBodyProperty("temperature", JsonValue.from(1.5))
                                .build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("temperature");
    }

    private static MessageCreateParams.Builder message(String model) {
        return MessageCreateParams.builder()
                .model(model)
                .maxTokens(24)
                .addUserMessage(QUESTION)
                .putAdditionalBodyProperty("temperature", JsonValue.from(0));
    }

    private static String text(Message message) {
        return message.content().getFirst().asText().text();
    }
}
