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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Web pages of other origins, with keys (C71), and the names a server with keys answers to. */
@Timeout(60)
final class CorsServerTest {
    private static final String APP = "Origin: https://app.example";
    private static final String FOREIGN = "Origin: https://evil.example";
    private static final String METHOD = "Access-Control-Request-Method: POST";
    private static final String HEADERS =
            "Access-Control-Request-Headers: authorization,content-type,x-stainless-os,idempotency-key";
    private static final String ALLOW = "access-control-allow-origin: https://app.example\n";

    private Guard guard;
    private String key;
    private OpenPort open;

    @BeforeEach
    void open(@TempDir Path data) {
        var seams = Seams.real();
        var keys = Keys.open(data, seams);
        key = "Authorization: Bearer "
                + keys.create(new KeyDraft(null, Set.of(Scope.ASK), null, null, Limits.NONE))
                        .secret();
        guard = Guard.of(keys, new Journal(data, seams), seams);
        open = new OpenPort(
                Map.of(
                        "listen.origins",
                        "https://app.example, https://other.example",
                        "listen.hosts",
                        "localhost,api.example"),
                guard);
    }

    @AfterEach
    void close() {
        open.close();
    }

    @Test
    void thePreflightOfAnAllowedPageNeedsNoKey() throws IOException {
        var head = head("OPTIONS /v1/chat/completions", APP, METHOD, HEADERS);
        assertThat(head)
                .startsWith("http/1.1 204")
                .contains(ALLOW, "vary: origin")
                .contains("access-control-allow-headers: authorization,content-type,x-stainless-os,idempotency-key")
                .contains("access-control-allow-methods: get, post, patch, delete")
                .doesNotContain("allow-credentials", "allow-origin: *");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FOREIGN,
                "Origin: null",
                "Origin: http://app.example",
                "Origin: https://app.example.evil.example",
                "Origin: https://app.example:444",
                "X-No: origin"
            })
    void thePreflightOfAForeignPageGetsNoAllowHeader(String origin) throws IOException {
        assertThat(head("OPTIONS /v1/chat/completions", origin, METHOD, HEADERS))
                .startsWith("http/1.1 401")
                .doesNotContain("access-control-allow");
    }

    @Test
    void answersErrorsAndStreamsCarryTheAllowHeader() throws IOException {
        assertThat(head("GET /things/1", APP, key)).startsWith("http/1.1 200").contains(ALLOW);
        assertThat(head("GET /things/1", APP))
                .startsWith("http/1.1 401")
                .contains(ALLOW, "access-control-expose-headers: x-request-id, retry-after");
        assertThat(head("GET /nothing", APP, key)).startsWith("http/1.1 404").contains(ALLOW);
        assertThat(head("GET /broken", APP, key)).startsWith("http/1.1 500").contains(ALLOW);
        assertThat(head("GET /stream", APP, key)).startsWith("http/1.1 200").contains(ALLOW, "text/event-stream");
        assertThat(head("GET /things/1", FOREIGN, key))
                .startsWith("http/1.1 200")
                .contains("vary: origin")
                .doesNotContain("access-control-allow");
    }

    @Test
    void aStarMeansAnyPageButNeverCookies() throws IOException {
        try (var wide = new OpenPort(Map.of("listen.origins", "*"), guard)) {
            assertThat(head(wide, "localhost", "OPTIONS /things/1", FOREIGN, METHOD))
                    .startsWith("http/1.1 204")
                    .contains("access-control-allow-origin: *\n")
                    .doesNotContain("allow-credentials");
            assertThat(head(wide, "localhost", "GET /things/1", FOREIGN, key)).contains("allow-origin: *\n");
        }
    }

    @Test
    void withKeysOnlyTheNamesOfTheServerAreAnsweredWhereTheyAreGiven() throws IOException {
        assertThat(head(open, "api.example:8080", "GET /things/1", key)).startsWith("http/1.1 200");
        assertThat(head(open, "evil.example", "GET /things/1", key)).startsWith("http/1.1 403");
        try (var any = new OpenPort(Map.of(), guard)) {
            assertThat(head(any, "whatever.example", "GET /things/1", key)).startsWith("http/1.1 200");
        }
    }

    @Test
    void withoutKeysAPageOfElsewhereIsRefusedEvenIfItIsInTheList() throws IOException {
        try (var keyless = new OpenPort(Map.of("listen.origins", "https://app.example,http://localhost:3000"))) {
            assertThat(head(keyless, "localhost", "OPTIONS /things/1", APP, METHOD))
                    .startsWith("http/1.1 403")
                    .doesNotContain("access-control-allow");
            assertThat(head(keyless, "localhost", "OPTIONS /things/1", "Origin: http://localhost:3000", METHOD))
                    .startsWith("http/1.1 204");
        }
    }

    private String head(String line, String... headers) throws IOException {
        return head(open, "localhost", line, headers);
    }

    private static String head(OpenPort port, String host, String line, String... headers) throws IOException {
        try (var raw = new RawConnection(port.listener.port())) {
            raw.sendTo(host, line + " HTTP/1.1", String.join("\r\n", headers));
            var head = new StringBuilder();
            for (var next = raw.line(); !next.isEmpty(); next = raw.line()) {
                head.append(next.toLowerCase(Locale.ROOT)).append('\n');
            }
            return head.toString();
        }
    }
}
