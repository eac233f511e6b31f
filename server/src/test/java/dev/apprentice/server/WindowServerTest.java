package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not fit into the context window is refused with both numbers, never cut in silence (CASES C62). */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class WindowServerTest {

    /** The prompt's distance from the window's end in tokens, and what is asked for beyond it. */
    @ParameterizedTest
    @CsvSource({"1,1", "0,1", "-5,100"})
    void aPromptAndItsAnswerHaveToFitTogether(int beyond, int tokens, Apprentice apprentice, Calls calls) {
        int window = apprentice.engine().base().config().contextTokens();
        var body = Json.strict().createObjectNode().put("model", "base").put("max_tokens", tokens);
        var prompt = body.putArray("prompt");
        for (int i = 0; i < window + beyond; i++) {
            prompt.add(1000);
        }
        var reply = calls.post("/v1/completions", body.toString());
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(400);
        assertThat(reply.text("/error/code")).isEqualTo("context_length_exceeded");
        assertThat(reply.text("/error/message")).contains(Integer.toString(window), Integer.toString(window + beyond));
    }

    @Test
    void tenThousandTurnsAreRefusedLikeAnyLongPrompt(Calls calls) {
        var body = Calls.chat("base", "hi");
        for (int i = 0; i < 9_999; i++) {
            body.withArray("messages")
                    .addObject()
                    .put("role", i % 2 == 0 ? "assistant" : "user")
                    .put("content", "hi");
        }
        var reply = calls.ask(body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("/error/code")).isEqualTo("context_length_exceeded");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions | messages   | \"messages\":[]",
                "/v1/chat/completions | messages   | \"max_tokens\":1",
                "/v1/chat/completions | messages   | \"messages\":\"hi\"",
                "/v1/chat/completions | messages   | \"messages\":null",
                "/v1/chat/completions | max_tokens | \"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"max_tokens\":0",
                "/v1/completions      | prompt     | \"prompt\":\"\"",
                "/v1/completions      | prompt     | \"prompt\":[]",
                "/v1/completions      | prompt     | \"prompt\":[[]]",
            })
    void whatIsEmptyIsRefusedByName(String path, String field, String fields, Calls calls) {
        var reply = calls.post(path, "{\"model\":\"base\"," + fields + "}");
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(400);
        assertThat(reply.text("/error/param")).startsWith(field);
    }
}
