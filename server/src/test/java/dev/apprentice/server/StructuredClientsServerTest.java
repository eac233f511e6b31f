package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.apprentice.engine.Json;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers held to a type, by what Java clients that others wrote make of the type. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class StructuredClientsServerTest {
    private static final String QUESTION = "Tell the weather in Oslo as JSON.";

    /** Where the wind comes from. */
    public enum Side {
        NORTH,
        SOUTH
    }

    /** A part of the weather. */
    public static final class Wind {
        public Side from = Side.SOUTH;
        public boolean strong;
    }

    /** Has few values, so that a small model is soon done. */
    public static final class Weather {
        public Side city = Side.SOUTH;
        public Wind wind = new Wind();
    }

    @Test
    void openAisClientReadsItsOwnClassInChatAndInAResponse(Apprentice apprentice) {
        var client = OpenAIOkHttpClient.builder()
                .baseUrl(url(apprentice))
                .apiKey("any")
                .responseValidation(true)
                .build();
        var chat = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("base")
                        .addUserMessage(QUESTION)
                        .temperature(0)
                        .maxCompletionTokens(80)
                        .responseFormat(Weather.class)
                        .build());
        assertThat(chat.choices().getFirst().message().content().orElseThrow().wind.from)
                .isIn(Side.NORTH, Side.SOUTH);
        var response = client.responses()
                .create(ResponseCreateParams.builder()
                        .model("base")
                        .input(QUESTION)
                        .temperature(0)
                        .maxOutputTokens(80)
                        .text(Weather.class)
                        .build());
        var told = response.output().getFirst().asMessage().content().getFirst().asOutputText();
        assertThat(told.wind.from).isIn(Side.NORTH, Side.SOUTH);
        client.close();
    }

    @Test
    void langChainGetsWhatItsSchemaSays(Apprentice apprentice) throws JsonProcessingException {
        var model = OpenAiChatModel.builder()
                .baseUrl(url(apprentice))
                .apiKey("any")
                .modelName("base")
                .temperature(0.0)
                .maxTokens(80)
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .strictJsonSchema(true)
                .build();
        var weather = JsonObjectSchema.builder()
                .addEnumProperty("city", List.of("Oslo", "Rome"))
                .addBooleanProperty("strong")
                .required("city", "strong")
                .additionalProperties(false)
                .build();
        var format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name("weather")
                        .rootElement(weather)
                        .build())
                .build();
        var answer = model.chat(ChatRequest.builder()
                .messages(UserMessage.from(QUESTION))
                .responseFormat(format)
                .build());
        var told = Json.strict().readTree(answer.aiMessage().text());
        assertThat(told.get("city").asText()).isIn("Oslo", "Rome");
        assertThat(told.get("strong").isBoolean()).isTrue();
        assertThat(told).hasSize(2);
    }

    private static String url(Apprentice apprentice) {
        return "http://127.0.0.1:" + apprentice.port() + "/v1";
    }
}
