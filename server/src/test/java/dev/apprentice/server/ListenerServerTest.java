package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ConflictException;
import dev.apprentice.server.grpc.GrpcDoors;
import dev.apprentice.server.http.Gate;
import dev.apprentice.server.http.Presence;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Watch;
import dev.apprentice.server.security.Guard;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The open port itself: what happens around every door, on a real port with doors that do as little as possible. */
@Timeout(60)
final class ListenerServerTest {
    private static final int BODY_BYTES_MAX = OpenPort.BODY_BYTES_MAX;

    private final HttpClient client = HttpClient.newHttpClient();
    private final OpenPort open = new OpenPort(Map.of());

    @AfterEach
    void close() {
        open.close();
    }

    @Test
    void anUnknownPathIs404InTheShapeOfItsApi() throws Exception {
        var problem = get("/nowhere");
        assertThat(problem.statusCode()).isEqualTo(404);
        assertThat(problem.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(problem.body()).contains("\"code\":\"unknown_path\"", "\"request_id\":\"req_abc\"");
        assertThat(problem.headers().firstValue("x-request-id")).contains("req_abc");
        var openAi = get("/v1/chat/nowhere");
        assertThat(openAi.statusCode()).isEqualTo(404);
        assertThat(openAi.body()).startsWith("{\"error\":{");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo/", "/Echo", "/things/a/b", "/things/"})
    void pathsAreTakenLiterally(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsEncodedInAPathIsDecodedOnce() throws Exception {
        assertThat(get("/things/a%252Fb%20c%C3%BC").body()).isEqualTo("{\"id\":\"a%2Fb cü\"}");
    }

    @Test
    void aWrongMethodIs405AndSaysWhichIsRight() throws Exception {
        var response = get("/echo");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).contains("POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/broken", "/asserted"})
    void aFaultOfOursIs500WithoutDetails(String path) throws Exception {
        var response = get(path);
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("\"code\":\"internal\"").doesNotContain("secret", "Exception", "at dev.");
    }

    @Test
    void badJsonIs400() throws Exception {
        var response = post("/v1/chat/completions", "{\"say\":");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("invalid_json", "line 1");
    }

    @Test
    void anotherContentTypeIs415() throws Exception {
        var request = request("/echo").header("Content-Type", "text/plain").POST(BodyPublishers.ofString("{}"));
        var response = client.send(request.build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.headers().firstValue("accept")).contains("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deflate", "br", "gzip, gzip", "nonsense"})
    void aBodyPackedInAnotherWayThanGzipIs415(String encoding) throws Exception {
        var request = request("/echo").header("Content-Encoding", encoding).POST(BodyPublishers.ofString("xx"));
        var response = client.send(request.build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.headers().firstValue("accept-encoding")).contains("gzip");
        assertThat(response.body()).contains("unsupported_content_encoding");
    }

    @Test
    void aBodyBeyondTheLimitIs413() throws Exception {
        var body = "{\"say\":\"" + "x".repeat(BODY_BYTES_MAX) + "\"}";
        assertThat(post("/echo", body).statusCode()).isEqualTo(413);
        var chunked = request("/echo")
                .POST(BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))));
        assertThat(client.send(chunked.build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(413);
    }

    @Test
    void aBodyUpToTheLimitComesWhole() throws Exception {
        var say = "x".repeat(BODY_BYTES_MAX - 20);
        var response = post("/echo", "{\"say\":\"" + say + "\"}");
        assertThat(response.body()).isEqualTo("{\"said\":\"" + say + "\"}");
    }

    @Test
    void anExpectedContinueIsGivenAndRefusedBeforeTheBody() throws Exception {
        var asking = request("/echo").expectContinue(true).POST(BodyPublishers.ofString("{\"say\":\"hi\"}"));
        assertThat(client.send(asking.build(), BodyHandlers.ofString()).body()).isEqualTo("{\"said\":\"hi\"}");
        try (var raw = raw()) {
            raw.send("POST /echo HTTP/1.1", "Content-Length: 99999999", "Expect: 100-continue");
            assertThat(raw.line()).startsWith("HTTP/1.1 413");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "[::2]"})
    void aForeignHostIs403(String host) throws Exception {
        try (var raw = raw()) {
            raw.sendTo(host, "GET /things/1 HTTP/1.1");
            assertThat(raw.line()).startsWith("HTTP/1.1 403");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:99", "[::1]:8080"})
    void loopbackHostsPass(String host) throws Exception {
        try (var raw = raw()) {
            raw.sendTo(host, "GET /things/1 HTTP/1.1");
            assertThat(raw.line()).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost.evil.example", "file://", "::"})
    void aForeignOriginIs403(String origin) throws Exception {
        var response = client.send(request("/things/1").header("Origin", origin).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("foreign_origin");
    }

    @Test
    void aRequestThatIsNoHttpGetsAProblemNotATrace() throws Exception {
        try (var raw = raw()) {
            raw.send("GET /things/<script> HTTP/1.1");
            assertThat(raw.line()).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void javasUpgradeOfferIsIgnoredAndTheBodyComesWhole() throws Exception {
        for (var size : new int[] {10, 70_000}) {
            var fresh = HttpClient.newHttpClient(); // offers h2c on its first request
            var say = "y".repeat(size);
            var post = request("/echo").POST(BodyPublishers.ofString("{\"say\":\"" + say + "\"}"));
            var response = fresh.send(post.build(), BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(response.body()).isEqualTo("{\"said\":\"" + say + "\"}");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (var raw = raw()) {
            raw.send("GET /things/1 HTTP/1.1");
            raw.send("GET /things/2 HTTP/1.1");
            assertThat(raw.until("\"id\":\"1\"")).contains("200");
            assertThat(raw.until("\"id\":\"2\"")).contains("200");
        }
    }

    /** CASES C41: not packed, not kept back, and never silent for long. */
    @Test
    void aStreamStartsAtOnceAndCommentsWhileItWaits() throws Exception {
        try (var raw = raw()) {
            raw.send("GET /stream HTTP/1.1", "Accept: application/json", "Accept-Encoding: gzip");
            var head = raw.until("data: {\"n\":1}").toLowerCase(java.util.Locale.ROOT);
            assertThat(head)
                    .contains("content-type: text/event-stream; charset=utf-8", "cache-control: no-cache")
                    .contains("x-accel-buffering: no")
                    .doesNotContain("content-encoding");
            raw.until(": waiting");
            open.release.countDown();
            raw.until("data: {\"n\":2}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/wait", "/stream"})
    void aClientThatGoesAwayInterruptsItsRequest(String path) throws Exception {
        try (var raw = raw()) {
            raw.send("GET " + path + " HTTP/1.1");
            open.entered.await();
        }
        assertThat(open.causes.poll(5, TimeUnit.SECONDS)).isEqualTo(Watch.Cause.CLIENT_GONE);
    }

    @Test
    void aStoppingServerFinishesWhatItBeganAndLetsNothingNewIn() throws Exception {
        var running = client.sendAsync(request("/wait").build(), BodyHandlers.ofString());
        open.entered.await();
        var stopping = CompletableFuture.runAsync(open.listener::close);
        while (!open.gate.isClosed()) {
            Thread.onSpinWait();
        }
        var refused = get("/things/1");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        open.release.countDown();
        assertThat(running.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        stopping.get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> get("/health/live")).isInstanceOf(IOException.class);
    }

    @Test
    void whenTheGraceTimeIsOverWhoIsLeftIsInterrupted() throws Exception {
        try (var hasty = new OpenPort(Map.of("listen.grace_ms", "100"))) {
            var running = client.sendAsync(hasty.request("/wait").build(), BodyHandlers.ofString());
            hasty.entered.await();
            hasty.listener.close();
            assertThat(hasty.causes.poll(5, TimeUnit.SECONDS)).isEqualTo(Watch.Cause.STOPPING);
            assertThat(running).failsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void aPortInUseIsToldInWords() {
        var port = Integer.toString(open.listener.port());
        var taken = OpenPort.settings(Map.of("listen.port", port));
        assertThatThrownBy(() -> Listener.check(taken))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1, port " + open.listener.port())
                .hasMessageContaining("--port");
        assertThatThrownBy(() -> Listener.start(
                        taken,
                        new Routes(),
                        new GrpcDoors(List.of(), Guard.withoutKeys(), new Gate()),
                        Guard.withoutKeys(),
                        new Gate(),
                        new Presence(),
                        (chain, _, _) -> chain.proceed(),
                        () -> "x"))
                .isInstanceOf(ConflictException.class);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        var request = request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private RawConnection raw() throws IOException {
        return new RawConnection(open.listener.port());
    }

    private HttpRequest.Builder request(String path) {
        return open.request(path);
    }
}
