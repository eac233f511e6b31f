package dev.apprentice.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.http.Fault;
import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.error.ConflictException;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.error.DeadlineException;
import dev.apprentice.client.error.InvalidRequestException;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.error.RateLimitedException;
import dev.apprentice.client.error.ServerFaultException;
import dev.apprentice.client.error.UnauthenticatedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bad network or a bad server does to a call over HTTP. */
@Timeout(60)
final class HttpFaultTest {
    private static final AskRequest QUESTION = AskRequest.of("support", "Where?");

    private final Played server = new Played();
    private final ApprenticeClient client = server.client().build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void anAnswerIsReadWhole() {
        server.answers(Played.json(Played.ANSWER));
        var answer = client.ask(QUESTION);
        assertThat(answer.id()).isEqualTo("chatcmpl-1");
        assertThat(answer.text()).isEqualTo("Desk Heron");
        assertThat(answer.usage().orElseThrow().cachedTokens()).isEqualTo(4);
        assertThat(answer.provenance().orElseThrow().checkpoint()).isEqualTo(12);
        assertThat(answer.provenance().orElseThrow().recalled()).containsExactly("les_1");
        assertThat(answer.provenance().orElseThrow().confidence()).isEmpty();
    }

    @Test
    void aServerThatIsNotThereIsTriedAgainAndThenNamed() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (var lost =
                server.seamed(ApprenticeClient.http("http://127.0.0.1:" + port)).build()) {
            var error = catchThrowableOfType(ConnectionException.class, () -> lost.ask(QUESTION));
            assertThat(error.nothingDone()).isTrue();
            assertThat(error.status()).isZero();
        }
        assertThat(server.waits()).hasSize(2);
    }

    @Test
    void aConnectionThatIsNotMadeInTimeIsAConnectionThatWasNotMade() {
        // RFC 5737: nobody lives at 192.0.2.1, and no machine says so
        var builder = ApprenticeClient.http("http://192.0.2.1:9").connectTimeout(Duration.ofMillis(50));
        try (var lost = server.seamed(builder).retries(RetryPolicy.none()).build()) {
            assertThatThrownBy(() -> lost.ask(QUESTION))
                    .isInstanceOfSatisfying(
                            ConnectionException.class,
                            e -> assertThat(e.nothingDone()).isTrue());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "RANDOM_DATA_THEN_CLOSE"})
    void aBrokenConnectionIsNoReasonToAskTwice(Fault fault) {
        server.answers(
                aResponse().withHeader("Content-Type", "application/json").withFault(fault));
        var error = catchThrowableOfType(ConnectionException.class, () -> client.ask(QUESTION));
        assertThat(error.nothingDone()).isFalse();
        assertThat(server.waits()).isEmpty();
        assertThat(server.heard()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE"})
    void feedbackIsSentAgainUnderTheSameKey(Fault fault) {
        server.saysInTurn(
                aResponse().withFault(fault),
                Played.problem(500, "internal"),
                Played.json(202, "{\"id\":\"les_1\",\"state\":\"recorded\"}"));
        assertThat(client.correct("chatcmpl-1", "Desk Heron").id()).isEqualTo("les_1");
        assertThat(server.heard())
                .hasSize(3)
                .allSatisfy(request ->
                        assertThat(request.getHeader("Idempotency-Key")).isEqualTo("id-1"));
        assertThat(server.waits()).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length: 500\r\n\r\n{\"id\":", "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"id\r\nzz"})
    void anAnswerThatBreaksInItsMiddleIsABrokenConnection(String rest) throws IOException {
        var head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        try (var raw = new RawServer(RawServer.breaking(head + rest), RawServer.saying(head + rest));
                var asking = server.seamed(ApprenticeClient.http(raw.url())).build()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> asking.ask(QUESTION))
                        .isInstanceOfSatisfying(
                                ConnectionException.class,
                                e -> assertThat(e.nothingDone()).isFalse());
            }
            assertThat(raw.heads()).hasSize(2);
        }
    }

    @Test
    void aStreamThatBreaksGivesWhatCameAndThenSaysSo() throws IOException {
        var event = "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Desk\"}}]}\n\n";
        // a length that is never reached, so that closing in good order is a break as well
        var head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9999\r\n\r\n";
        try (var raw = new RawServer(RawServer.saying(head + event + "data: {\"id\""));
                var asking = server.seamed(ApprenticeClient.http(raw.url())).build();
                var chunks = asking.stream(QUESTION)) {
            var heard = chunks.iterator();
            assertThat(heard.next().text()).isEqualTo("Desk");
            assertThatThrownBy(heard::hasNext).isInstanceOf(ConnectionException.class);
        }
    }

    @Test
    void bytesThatComeSlowlyDoNotOutliveTheDeadline() {
        server.answers(Played.json(Played.ANSWER).withChunkedDribbleDelay(100, 20_000));
        var before = System.nanoTime();
        assertThatThrownBy(() -> client.withTimeout(Duration.ofMillis(400)).ask(QUESTION))
                .isInstanceOf(DeadlineException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void aServerThatSaysNothingDoesNotOutliveTheDeadline() {
        server.answers(Played.json(Played.ANSWER).withFixedDelay(20_000));
        assertThatThrownBy(() -> client.withTimeout(Duration.ofMillis(300)).ask(QUESTION))
                .isInstanceOf(DeadlineException.class)
                .hasMessageContaining("300 ms");
    }

    @Test
    void aSlowStreamDoesNotOutliveTheDeadline() {
        server.answers(Played.events("data: {\"id\":\"c\",\"choices\":[]}", "", "data: [DONE]", "")
                .withChunkedDribbleDelay(50, 20_000));
        var limited = client.withTimeout(Duration.ofMillis(400));
        assertThatThrownBy(() -> {
                    try (var chunks = limited.stream(QUESTION)) {
                        Answer.of(chunks);
                    }
                })
                .isInstanceOf(DeadlineException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": \"chatcmpl-1\", ",
                "[]",
                "null",
                "{} {}",
                "<html>",
                "",
                "{\"id\":1}",
                "{\"id\":\"x\"}",
                "{\"id\":\"x\",\"choices\":[]}",
                "{\"id\":\"x\",\"choices\":{}}",
                "{\"id\":\"x\",\"choices\":[{\"message\":7}]}"
            })
    void whatIsNoAnswerIsCalledUnreadable(String body) {
        server.answers(Played.json(body));
        var error = catchThrowableOfType(ProtocolException.class, () -> client.ask(QUESTION));
        assertThat(error.code()).isEqualTo("unreadable_answer");
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void deepJsonIsRefusedAndNotFollowed() {
        server.answers(Played.json("{\"id\":" + "[".repeat(100_000)));
        assertThatThrownBy(() -> client.ask(QUESTION)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void anotherContentTypeIsNamed() {
        server.answers(aResponse().withHeader("Content-Type", "text/html").withBody("<p>proxy login</p>"));
        assertThatThrownBy(() -> client.ask(QUESTION))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("application/json")
                .hasMessageContaining("text/html");
        assertThatThrownBy(() -> client.stream(QUESTION))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("text/event-stream");
    }

    @Test
    void aBodyLargerThanAllowedIsLeft() {
        server.saysInTurn(
                Played.json("{\"id\":\"" + "x".repeat(300_000) + "\"}"),
                Played.events("data: " + "x".repeat(300_000), ""));
        try (var small = server.client().bodyBytesMax(100_000).build()) {
            assertThatThrownBy(() -> small.ask(QUESTION))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("100000");
            try (var chunks = small.stream(QUESTION)) {
                assertThatThrownBy(() -> Answer.of(chunks)).isInstanceOf(ProtocolException.class);
            }
        }
    }

    @Test
    void aStreamThatDoesNotSayDoneWasCutOff() {
        server.answers(Played.events(
                "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Desk \"}}]}",
                "",
                "data: {\"id\":\"c\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
                ""));
        try (var chunks = client.stream(QUESTION)) {
            var heard = chunks.iterator();
            assertThat(heard.next().text()).isEqualTo("Desk ");
            assertThat(heard.next().finishReason()).isPresent();
            assertThatThrownBy(heard::hasNext)
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("[DONE]");
        }
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void anErrorInAStreamIsThrownWithWhatItSays() {
        server.answers(Played.events(
                "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"De\"}}]}",
                "",
                "data: {\"error\":{\"message\":\"lost\",\"type\":\"server_error\",\"param\":null,\"code\":\"internal\"}}",
                ""));
        try (var chunks = client.stream(QUESTION)) {
            var heard = chunks.iterator();
            assertThat(heard.next().text()).isEqualTo("De");
            assertThatThrownBy(heard::hasNext)
                    .isInstanceOfSatisfying(
                            ServerFaultException.class,
                            e -> assertThat(e.code()).isEqualTo("internal"));
        }
    }

    @Test
    void aServerThatIsFullInMidAnswerHasDoneSomething() {
        server.answers(Played.events(
                "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"De\"}}]}",
                "",
                "data: {\"error\":{\"message\":\"full\",\"type\":\"rate_limit_error\",\"code\":\"full\"}}",
                ""));
        try (var chunks = client.stream(QUESTION)) {
            assertThatThrownBy(
                            () -> chunks.forEach(chunk -> assertThat(chunk.id()).isEqualTo("c")))
                    .isInstanceOfSatisfying(
                            RateLimitedException.class,
                            e -> assertThat(e.nothingDone()).isFalse());
        }
    }

    @Test
    void openAiErrorsAreReadWithTheirField() {
        server.answers(Played.json(
                        400,
                        "{\"error\":{\"message\":\"temperature must be 0 to 2\",\"type\":\"invalid_request_error\","
                                + "\"param\":\"temperature\",\"code\":\"invalid_value\"}}")
                .withHeader("x-request-id", "req_7"));
        var error = catchThrowableOfType(InvalidRequestException.class, () -> client.ask(QUESTION));
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.code()).isEqualTo("invalid_value");
        assertThat(error.field()).contains("temperature");
        assertThat(error.requestId()).contains("req_7");
        assertThat(error).hasMessageContaining("temperature must be 0 to 2").hasMessageContaining("req_7");
    }

    @Test
    void problemDocumentsAreReadWithWhatWasExpectedAndFound() {
        server.says(
                any(anyUrl()),
                Played.json(409, """
                        {"type":"about:blank","title":"Conflict","status":409,"detail":"is frozen","code":"frozen",
                         "field":"instance","expected":"one that learns","found":"a","request_id":"req_8"}""")
                        .withHeader("Content-Type", "application/problem+json")
                        .withHeader("X-Should-Retry", "false"));
        var error = catchThrowableOfType(
                ConflictException.class, () -> client.instances().study("a"));
        assertThat(error.refusal().expected()).contains("one that learns");
        assertThat(error.refusal().found()).contains("a");
        assertThat(error.requestId()).contains("req_8");
        assertThat(error.mayPass()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "<html>Bad gateway</html>", "{\"error\":\"no\"}", "{\"error\":{\"message\":7}}", "\u0000"})
    void anErrorWithoutReadableWordsStillHasItsStatus(String body) {
        server.answers(aResponse().withStatus(401).withBody(body));
        var error = catchThrowableOfType(UnauthenticatedException.class, () -> client.ask(QUESTION));
        assertThat(error.status()).isEqualTo(401);
        assertThat(error.code()).isEqualTo("status_401");
    }

    @Test
    void anEndlessErrorBodyIsReadOnlySoFar() {
        server.answers(Played.json(429, "{\"error\":{\"message\":\"" + "x".repeat(5_000_000)));
        assertThatThrownBy(() -> client.withRetries(RetryPolicy.none()).ask(QUESTION))
                .isInstanceOf(RateLimitedException.class);
    }
}
