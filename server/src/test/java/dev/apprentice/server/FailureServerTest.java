package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An answer that fails midway never passes for a whole one (CASES C33), and a full queue says so. */
@Timeout(300)
final class FailureServerTest {
    private static final Map<String, String> ONE_AT_A_TIME =
            Map.of("engine.max_rows", "1", "engine.queue_limit", "1", "listen.grace_ms", "0");

    @Test
    void anAnswerThatTakesTooLongFailsWholeAndStreamed(@TempDir Path data) {
        try (var server = RealModel.open(data, Map.of("answers.time_limit_ms", "700"))) {
            var calls = new Calls(server.port());
            var endless = chat("base", "Tell a very long story.")
                    .put("max_tokens", 4000)
                    .put("ignore_eos", true);
            var whole = calls.ask(endless);
            assertThat(whole.status()).isEqualTo(503);
            assertThat(whole.text("/error/code")).isEqualTo("deadline_exceeded");

            var streamed = calls.stream(endless);
            assertThat(streamed.done()).isFalse();
            assertThat(streamed.last().at("/error/code").asText()).isEqualTo("deadline_exceeded");
            assertThat(streamed.chunks())
                    .noneMatch(chunk -> chunk.at("/choices/0/finish_reason").isTextual());
            assertThat(calls.ask(chat("base", "hi").put("max_tokens", 1)).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void oneRequestMoreThanMayWaitIs429(@TempDir Path data) throws Exception {
        try (var server = RealModel.open(data, ONE_AT_A_TIME)) {
            var calls = new Calls(server.port());
            var endless = chat("base", "Tell a very long story.")
                    .put("max_tokens", 4000)
                    .put("ignore_eos", true);
            try (var running = calls.open(endless);
                    var waiting = calls.open(endless)) {
                assertThat(running.read()).isEqualTo('d');
                assertThat(waiting.read()).isEqualTo('d');
                while (server.engine().stats().waiting() == 0) {
                    Thread.onSpinWait();
                }
                var refused = calls.ask(chat("base", "hi"));
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.header("retry-after")).isNotEmpty();
                assertThat(refused.text("/error/type")).isEqualTo("rate_limit_error");
            }
        }
    }
}
