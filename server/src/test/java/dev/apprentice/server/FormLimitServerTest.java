package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A form that can be followed where it begins and grows too costly behind that ends the answer with its own error. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class FormLimitServerTest {
    /** Longer than what is looked ahead when the request comes: the longest token. */
    private static final String EASY = "(?:yes, ){15}";

    private static ObjectNode asking() {
        return chat("base", "Say yes.").put("max_tokens", 100).put("guided_regex", EASY + "(?:a?){5000}b");
    }

    @Test
    void aWholeAnswerIsRefusedWithItsCode(Calls calls) {
        var refused = calls.ask(asking());

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/error/code")).isEqualTo("form_too_costly");
        assertThat(refused.text("/error/type")).isEqualTo("invalid_request_error");
        assertThat(refused.text("/error/param")).isEqualTo("response_format");
        assertThat(refused.text("/error/message")).contains("too many ways");
    }

    @Test
    void aStreamEndsWithTheErrorAndWithoutAFinish(Calls calls) {
        var streamed = calls.stream(asking());

        assertThat(streamed.done()).isFalse();
        assertThat(streamed.last().at("/error/code").asText()).isEqualTo("form_too_costly");
        assertThat(streamed.last().at("/error/param").asText()).isEqualTo("response_format");
        assertThat(streamed.chunks())
                .noneMatch(chunk -> chunk.at("/choices/0/finish_reason").isTextual());
        assertThat(streamed.chunks().stream()
                        .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
                        .reduce("", String::concat))
                .startsWith("yes, yes, ");
    }
}
