package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who goes away frees the only place there is, whatever he waited for (CASES C14): the next question has no other to be
 * answered in.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LeaversServerTest {
    private static final int ROUNDS = 4;

    /** Far more tokens than the rounds would get in this test's time. */
    private static final int ENDLESS = 4000;

    private Apprentice server;
    private Calls calls;

    /** When somebody leaves. */
    enum Moment {
        WHILE_HIS_PROMPT_IS_READ,
        AFTER_FIVE_CHUNKS,
        WHILE_A_WHOLE_ANSWER_IS_MADE,
        WHILE_HE_WAITS_FOR_THE_PLACE
    }

    @BeforeAll
    void open(@TempDir Path data) {
        server = RealModel.open(data, Map.of("engine.max_rows", "1"));
        calls = new Calls(server.port());
    }

    @AfterAll
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void whoeverLeavesFreesHisPlaceAtOnce(Moment moment) throws IOException {
        calls.answer(chat("base", "hi").put("max_tokens", 1));
        awaitQuiet();
        int before = server.engine().stats().openScopes();
        for (int round = 0; round < ROUNDS; round++) {
            leave(moment, round);
            calls.answer(chat("base", "hi").put("max_tokens", 1));
        }
        awaitQuiet();
        assertThat(server.engine().stats().openScopes()).isEqualTo(before);
        assertThat(Exposition.of(calls.raw("/metrics").body()).value("apprentice_running_sequences"))
                .isZero();
    }

    private void leave(Moment moment, int round) throws IOException {
        switch (moment) {
            case WHILE_HIS_PROMPT_IS_READ -> {
                var words = "The quick brown fox number " + round + " jumps over the lazy dog. ";
                try (var raw = ask(endless(words.repeat(150)).put("stream", true))) {
                    raw.until("data: "); // says who answers, before there is any token
                }
            }
            case AFTER_FIVE_CHUNKS -> {
                try (var raw = ask(endless("Count.").put("stream", true))) {
                    for (int chunk = 0; chunk < 5; chunk++) {
                        raw.until("data: ");
                    }
                }
            }
            case WHILE_A_WHOLE_ANSWER_IS_MADE -> {
                try (var raw = ask(endless("Sing."))) {
                    awaitRunning();
                    raw.reset();
                }
            }
            case WHILE_HE_WAITS_FOR_THE_PLACE -> {
                try (var _ = ask(endless("Count."))) {
                    try (var _ = ask(endless("Sing."))) {
                        while (server.engine().stats().waiting() == 0) {
                            Thread.onSpinWait();
                        }
                    }
                    while (server.engine().stats().waiting() > 0) {
                        Thread.onSpinWait();
                    }
                }
            }
        }
    }

    private static ObjectNode endless(String text) {
        return chat("base", text).put("max_tokens", ENDLESS).put("ignore_eos", true);
    }

    private RawConnection ask(ObjectNode body) throws IOException {
        var raw = new RawConnection(server.port());
        var text = body.toString();
        raw.send(
                "POST /v1/chat/completions HTTP/1.1",
                "Content-Type: application/json",
                "Content-Length: " + text.getBytes(StandardCharsets.UTF_8).length);
        raw.bytes(text);
        return raw;
    }

    private void awaitRunning() {
        while (server.engine().stats().running() == 0) {
            Thread.onSpinWait();
        }
    }

    private void awaitQuiet() {
        while (server.engine().stats().running() + server.engine().stats().waiting() > 0) {
            Thread.onSpinWait();
        }
    }
}
