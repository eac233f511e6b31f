package dev.apprentice.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.server.http.Watch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain HTTP over HTTP/2, as Java's client speaks it over TLS: who leaves is noticed, and only he is given up. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LeaversOverHttp2ServerTest {
    /** An answer that nobody waits for would go on without an end; what it may take is for a busy machine. */
    private static final long SECONDS_MAX = 20;

    private TestCertificate certificate;
    private OpenPort open;

    @BeforeAll
    void make(@TempDir Path folder) throws Exception {
        certificate = TestCertificate.make(folder, "server");
    }

    @BeforeEach
    void open() {
        open = new OpenPort(Map.of(
                "listen.tls.certificate", certificate.chain().toString(),
                "listen.tls.key", certificate.key().toString()));
    }

    @AfterEach
    void close() {
        open.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aClientThatLeavesAWholeAnswerIsNoticed(HttpClient.Version version) throws Exception {
        try (var http = client(version)) {
            var waiting = http.sendAsync(request("/wait"), BodyHandlers.ofString());
            open.entered.await();
            waiting.cancel(true);
            assertThat(open.causes.poll(SECONDS_MAX, TimeUnit.SECONDS)).isEqualTo(Watch.Cause.CLIENT_GONE);
            open.gate.awaitQuiet(Duration.ofSeconds(SECONDS_MAX));
            assertThat(open.gate.inside()).isZero();
            var next = http.send(request("/things/1"), BodyHandlers.ofString());
            assertThat(next.version()).isEqualTo(version);
            assertThat(next.body()).isEqualTo("{\"id\":\"1\"}");
        }
    }

    @Test
    void aClientThatLeavesAStreamIsNoticed() throws Exception {
        try (var http = client(HttpClient.Version.HTTP_2)) {
            var stream = http.send(request("/stream"), BodyHandlers.ofInputStream());
            stream.body().close();
            assertThat(open.causes.poll(SECONDS_MAX, TimeUnit.SECONDS)).isEqualTo(Watch.Cause.CLIENT_GONE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/wait", "/stream"})
    void aConnectionThatEndsIsNoticed(String path) throws Exception {
        try (var plain = new OpenPort(Map.of())) {
            try (var raw = new RawHttp2(plain.listener.port())) {
                raw.headers(RawHttp2.END_OF_STREAM, "GET", path);
                plain.entered.await();
            }
            assertThat(plain.causes.poll(SECONDS_MAX, TimeUnit.SECONDS)).isEqualTo(Watch.Cause.CLIENT_GONE);
        }
    }

    @Test
    void othersOnTheSameConnectionGoOn() throws Exception {
        try (var http = client(HttpClient.Version.HTTP_2)) {
            http.send(request("/things/1"), BodyHandlers.ofString()); // so that all share its connection
            var stays = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            var leaves = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (var i = 0; i < 10; i++) {
                stays.add(http.sendAsync(request("/wait"), BodyHandlers.ofString()));
                leaves.add(http.sendAsync(request("/wait"), BodyHandlers.ofString()));
            }
            awaitInside(20);
            leaves.forEach(answer -> answer.cancel(true));
            awaitInside(10);
            open.release.countDown();
            for (var answer : stays) {
                assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(open.causes).hasSize(10).containsOnly(Watch.Cause.CLIENT_GONE);
        }
    }

    /** The server writes to it when it leaves, and that write must not end the connection for the others. */
    @Test
    void whoLeavesAFloodTakesNobodyWithHim() throws Exception {
        try (var http = client(HttpClient.Version.HTTP_2)) {
            http.send(request("/things/1"), BodyHandlers.ofString());
            var stays = http.sendAsync(request("/stream"), BodyHandlers.ofInputStream());
            try (var log = new CapturedLog();
                    var lines =
                            new BufferedReader(new InputStreamReader(stays.get().body(), UTF_8))) {
                assertThat(lines.readLine()).isEqualTo("data: {\"n\":1}");
                for (var i = 0; i < 20; i++) {
                    var flood = http.send(request("/flood"), BodyHandlers.ofInputStream());
                    flood.body().readNBytes(500_000);
                    flood.body().close();
                    assertThat(open.causes.poll(SECONDS_MAX, TimeUnit.SECONDS)).isEqualTo(Watch.Cause.CLIENT_GONE);
                }
                open.release.countDown();
                assertThat(lines.lines()).contains("data: {\"n\":2}");
                assertThat(log.text()).doesNotContain("Unable to reset", "request_failed");
            }
        }
    }

    /** As clients send it that leave while the end of the answer is on its way to them (RFC 9113 §5.1). */
    @Test
    void aResetThatComesTooLateEndsNobodysAnswer() throws Exception {
        try (var plain = new OpenPort(Map.of());
                var raw = new RawHttp2(plain.listener.port())) {
            for (var i = 0; i < 70; i++) {
                raw.headers(RawHttp2.END_OF_STREAM, "GET", "/things/1").answer();
            }
            raw.headers(RawHttp2.END_OF_STREAM, "GET", "/wait");
            plain.entered.await();
            for (var id : new byte[] {1, 127, (byte) 139}) {
                raw.bytes(new byte[] {0, 0, 4, 3, 0, 0, 0, 0, id, 0, 0, 0, 8}); // RST_STREAM: CANCEL
            }
            raw.bytes(new byte[] {0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}); // a ping, so that it is read
            raw.awaitPong();
            plain.release.countDown();
            assertThat(raw.answer()).containsEntry(":status", "200").doesNotContainKey("go-away");
        }
    }

    private void awaitInside(int requests) {
        while (open.gate.inside() != requests) {
            Thread.onSpinWait();
        }
    }

    private HttpClient client(HttpClient.Version version) throws Exception {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(TestCertificate.anonymous(certificate))
                .build();
    }

    private HttpRequest request(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + open.listener.port() + path))
                .build();
    }
}
