package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** LangChain4j's OpenAI models with its default HTTP client, which is the JDK's (CASES C29). */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class LangChainServerTest {
    private static final String QUESTION = "Name the capital of France.";

    @Test
    void aQuestionIsAnswered(Apprentice apprentice) {
        assertThat(model(apprentice, "base").chat(QUESTION)).contains("Paris");
    }

    @Test
    void aStreamSaysTheSame(Apprentice apprentice) throws InterruptedException {
        var model = OpenAiStreamingChatModel.builder()
                .baseUrl(url(apprentice))
                .apiKey("any")
                .modelName("base")
                .temperature(0.0)
                .maxTokens(24)
                .build();
        var told = new Listener();
        model.chat(QUESTION, told);
        var whole = told.ended.poll(60, TimeUnit.SECONDS);
        assertThat(whole).isInstanceOf(ChatResponse.class);
        assertThat(told.text).hasToString(model(apprentice, "base").chat(QUESTION));
        assertThat(((ChatResponse) whole).aiMessage().text()).isEqualTo(told.text.toString());
    }

    @Test
    void anUnknownModelIsToldAsThat(Apprentice apprentice) {
        assertThatThrownBy(() -> model(apprentice, "nobody").chat(QUESTION)).isInstanceOf(ModelNotFoundException.class);
    }

    private static OpenAiChatModel model(Apprentice apprentice, String name) {
        return OpenAiChatModel.builder()
                .baseUrl(url(apprentice))
                .apiKey("any")
                .modelName(name)
                .temperature(0.0)
                .maxTokens(24)
                .maxRetries(0)
                .build();
    }

    private static String url(Apprentice apprentice) {
        return "http://127.0.0.1:" + apprentice.port() + "/v1";
    }

    /** Hears a stream, and how it ended: with a response or a fault. */
    private static final class Listener implements StreamingChatResponseHandler {
        private final StringBuilder text = new StringBuilder();
        private final BlockingQueue<Object> ended = new ArrayBlockingQueue<>(1);

        @Override
        public void onPartialResponse(String part) {
            text.append(part);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            ended.add(response);
        }

        @Override
        public void onError(Throwable error) {
            ended.add(error);
        }
    }
}
