package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.server.security.Guard;
import dev.apprentice.server.security.Journal;
import dev.apprentice.server.security.KeyDraft;
import dev.apprentice.server.security.Keys;
import dev.apprentice.server.security.Limits;
import dev.apprentice.server.security.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request that is refused before its body is read is refused as it would be without one, whatever the body is. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UnreadBodyServerTest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1.1 (\\d+)");

    /** What Helidon, and we, say of faults. */
    private static final String[] FAULTS = {"Internal server error", "request_failed", "cannot send"};

    private OpenPort open;

    @BeforeAll
    void open(@TempDir Path data) {
        var keys = Keys.open(data, Seams.real());
        keys.create(new KeyDraft("one", Set.of(Scope.values()), null, null, Limits.NONE));
        open = new OpenPort(
                Map.of("listen.read_timeout_ms", "500", "listen.head_timeout_ms", "500"),
                Guard.of(keys, new Journal(data, Seams.real()), Seams.real()));
    }

    @AfterAll
    void close() {
        open.close();
    }

    @ParameterizedTest
    @CsvSource({
        "whole, Content-Length: 3, abc",
        "breaks off, Content-Length: 10, abc",
        "nothing of it, Content-Length: 10, ''",
        "in chunks, Transfer-Encoding: chunked, '3|abc|0||'",
        "chunks without an end, Transfer-Encoding: chunked, '3|abc|'",
        "chunk breaks off, Transfer-Encoding: chunked, '9|abc'",
        "no size, Transfer-Encoding: chunked, 'zz|abc|0||'",
        "negative size, Transfer-Encoding: chunked, '-1|abc|0||'",
        "size without an end, Transfer-Encoding: chunked, '33333333333333333333'",
        "bad last chunk, Transfer-Encoding: chunked, '3|abc|0|x|'",
        "no gzip, Content-Encoding: gzip|Content-Length: 3, abc",
        "asked for first, Expect: 100-continue|Content-Length: 3, ''",
        "asked for in another way, Expect: something|Content-Length: 3, abc",
    })
    void itIsRefusedAllTheSame(String what, String headers, String body) throws IOException {
        try (var log = new CapturedLog()) {
            for (var ends : new boolean[] {true, false}) { // the other waits for the server's patience to end
                try (var raw = new RawConnection(open.listener.port())) {
                    raw.send(("POST /echo HTTP/1.1|" + headers).split("\\|", -1));
                    raw.bytes(body.replace("|", "\r\n"));
                    if (ends) {
                        raw.endOutput();
                    }
                    assertThat(raw.line()).as(what).startsWith("HTTP/1.1 401");
                    assertThat(raw.until("}")).contains("\"code\":\"");
                }
            }
            assertThat(log.text()).doesNotContain(FAULTS);
        }
    }

    @Test
    void soIsOneWithoutABodyAndWhatFollows() throws IOException {
        try (var log = new CapturedLog();
                var raw = new RawConnection(open.listener.port())) {
            raw.send("HEAD /things/1 HTTP/1.1");
            raw.send("POST /echo HTTP/1.1", "Content-Length: 3");
            raw.bytes("abc");
            raw.send("DELETE /things/1 HTTP/1.1");
            raw.send("GET /things/1 HTTP/1.1", "Transfer-Encoding: chunked");
            raw.bytes("3\r\nabc\r\n0\r\n\r\n");
            raw.send("GET /things/1 HTTP/1.1");
            raw.endOutput();
            var answers = raw.rest();
            assertThat(STATUS.matcher(answers).results().map(found -> found.group(1)))
                    .containsExactly("401", "401", "401", "401", "401");
            assertThat(answers).as("HEAD has no body").containsPattern("^[^{]*HTTP/1.1 401[^{]*HTTP/1.1 401");
            assertThat(log.text()).doesNotContain(FAULTS);
        }
    }

    @Test
    void whoIsGoneBeforeHeIsRefusedIsNoFault() throws IOException {
        try (var log = new CapturedLog()) {
            for (var i = 0; i < 20; i++) {
                try (var raw = new RawConnection(open.listener.port())) {
                    raw.send("POST /echo HTTP/1.1", "Content-Length: 10000");
                    raw.bytes("abc");
                    raw.reset();
                }
            }
            try (var raw = new RawConnection(open.listener.port())) {
                raw.send("GET /things/1 HTTP/1.1");
                assertThat(raw.line()).startsWith("HTTP/1.1 401");
            }
            assertThat(log.text()).doesNotContain(FAULTS);
        }
    }
}
