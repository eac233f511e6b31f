package dev.apprentice.server;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.langchain4j.model.openai.OpenAiChatModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that others wrote repeat what a hop on the way has failed, and nothing that we have refused. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class RetriesServerTest {
    private final WireMockServer hop =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));

    @BeforeEach
    void failOnce(Apprentice apprentice) {
        hop.start();
        hop.stubFor(post(anyUrl())
                .inScenario("a hop that fails once")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(503).withHeader("Retry-After", "0"))
                .willSetStateTo("well"));
        hop.stubFor(post(anyUrl())
                .inScenario("a hop that fails once")
                .whenScenarioStateIs("well")
                .willReturn(aResponse().proxiedFrom("http://127.0.0.1:" + apprentice.port())));
    }

    @AfterEach
    void close() {
        hop.stop();
    }

    @Test
    void openAisClientComesAgain() {
        var client = OpenAIOkHttpClient.builder()
                .baseUrl(hop.baseUrl() + "/v1")
                .apiKey("any")
                .build();
        assertThat(client.chat().completions().create(chat(2)).choices()).hasSize(1);
        assertThatThrownBy(() -> client.chat().completions().create(chat(0))).isInstanceOf(BadRequestException.class);
        hop.verify(3, postRequestedFor(anyUrl())); // failed, answered, refused: never refused twice
        client.close();
    }

    @Test
    void anthropicsClientComesAgain() {
        var client = AnthropicOkHttpClient.builder()
                .baseUrl(hop.baseUrl())
                .apiKey("any")
                .build();
        var message = client.messages().create(message(2));
        assertThat(message.usage().outputTokens()).isEqualTo(2);
        assertThatThrownBy(() -> client.messages().create(message(0)))
                .isInstanceOf(com.anthropic.errors.BadRequestException.class);
        hop.verify(3, postRequestedFor(anyUrl()));
        client.close();
    }

    @Test
    void langChainComesAgain() {
        var model = OpenAiChatModel.builder()
                .baseUrl(hop.baseUrl() + "/v1")
                .apiKey("any")
                .modelName("base")
                .maxTokens(2)
                .build();
        assertThat(model.chat("Hi.")).isNotNull();
        hop.verify(2, postRequestedFor(anyUrl()));
    }

    private static ChatCompletionCreateParams chat(int tokens) {
        return ChatCompletionCreateParams.builder()
                .model("base")
                .addUserMessage("Hi.")
                .maxCompletionTokens(tokens)
                .build();
    }

    private static MessageCreateParams message(int tokens) {
        return MessageCreateParams.builder()
                .model("base")
                .addUserMessage("Hi.")
                .maxTokens(tokens)
                .build();
    }
}
