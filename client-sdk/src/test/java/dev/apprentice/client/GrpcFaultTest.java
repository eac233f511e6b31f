package dev.apprentice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.error.ApprenticeException;
import dev.apprentice.client.error.ConflictException;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.error.DeadlineException;
import dev.apprentice.client.error.GoneException;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.error.RateLimitedException;
import dev.apprentice.client.error.ServerFaultException;
import dev.apprentice.client.error.TooLargeException;
import dev.apprentice.client.error.UnavailableException;
import dev.apprentice.client.error.UnprocessableException;
import dev.apprentice.client.v1.Answer;
import dev.apprentice.client.v1.AnswerEvent;
import dev.apprentice.client.v1.Event;
import dev.apprentice.client.v1.GiveRequest;
import dev.apprentice.client.v1.Instance;
import dev.apprentice.client.v1.Lesson;
import dev.apprentice.client.v1.Message;
import dev.apprentice.client.v1.WatchRequest;
import io.grpc.Status.Code;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong over gRPC, how it is told, and what is tried again. */
@Timeout(60)
final class GrpcFaultTest {
    private static final AskRequest QUESTION = AskRequest.of("support", "Where?");
    private static final Answer ANSWER = Answer.newBuilder()
            .setId("chatcmpl-1")
            .setMessage(Message.newBuilder().setRole("assistant").setContent("Desk Heron"))
            .setFinishReason("stop")
            .build();
    private static final AnswerEvent OPENED = AnswerEvent.newBuilder()
            .setOpened(AnswerEvent.Opened.newBuilder().setId("chatcmpl-1"))
            .build();
    private static final AnswerEvent TEXT = AnswerEvent.newBuilder()
            .setDelta(AnswerEvent.Delta.newBuilder().setContent("Desk"))
            .build();

    private final Seamed seams = new Seamed();
    private final PlayedGrpc server = new PlayedGrpc();
    private final ApprenticeClient client =
            ApprenticeClient.grpc(server.url()).seams(seams).build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(Code.FAILED_PRECONDITION, 409, ConflictException.class),
                Arguments.of(Code.FAILED_PRECONDITION, 410, GoneException.class),
                Arguments.of(Code.FAILED_PRECONDITION, 422, UnprocessableException.class),
                Arguments.of(Code.RESOURCE_EXHAUSTED, 413, TooLargeException.class),
                Arguments.of(Code.INTERNAL, 500, ServerFaultException.class));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusalIsTheOneThatHttpTellsAndIsNoReasonToAskAgain(
            Code code, int status, Class<? extends ApprenticeException> type) {
        server.saysInTurn(PlayedGrpc.refusal(code, status), PlayedGrpc.messages(ANSWER));
        var refused = catchThrowableOfType(type, () -> client.ask(QUESTION));
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.code()).isEqualTo("said");
        assertThat(refused.nothingDone()).isFalse();
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void theWaitThatTheServerWantsIsWaited() {
        server.saysInTurn(
                PlayedGrpc.refusal(Code.RESOURCE_EXHAUSTED, 429, PlayedGrpc.after(7)),
                PlayedGrpc.refusal(Code.UNAVAILABLE, 503),
                PlayedGrpc.messages(ANSWER));
        assertThat(client.ask(QUESTION).text()).isEqualTo("Desk Heron");
        // 7 s and a tenth of our own first back-off; then the whole of the second one, for chance is 1
        assertThat(seams.waits()).containsExactly(Duration.ofMillis(7050), Duration.ofSeconds(1));
    }

    @Test
    void aWaitThatIsTooLongIsToldAndNotBegun() {
        server.saysInTurn(PlayedGrpc.refusal(Code.RESOURCE_EXHAUSTED, 429, PlayedGrpc.after(3600)));
        assertThatThrownBy(() -> client.ask(QUESTION))
                .isInstanceOfSatisfying(
                        RateLimitedException.class,
                        e -> assertThat(e.retryAfter()).contains(Duration.ofHours(1)));
        assertThat(seams.waits()).isEmpty();
    }

    @Test
    void feedbackIsGivenAgainUnderTheSameKey() {
        var lesson = Lesson.newBuilder().setId("les_1").setState("recorded").build();
        server.saysInTurn(
                PlayedGrpc.bare(Code.UNAVAILABLE), PlayedGrpc.refusal(Code.INTERNAL, 500), PlayedGrpc.messages(lesson));
        assertThat(client.correct("chatcmpl-1", "Heron").id()).isEqualTo("les_1");
        assertThat(server.heads("idempotency-key")).hasSize(3).containsOnly("id-1");
        assertThat(server.heard())
                .allSatisfy(request ->
                        assertThat(((GiveRequest) request).getIdempotencyKey()).isEqualTo("id-1"));
        assertThat(seams.waits()).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @Test
    void readingIsTriedAgainAndCreatingIsNot() {
        var instance = Instance.newBuilder().setId("a").build();
        server.saysInTurn(PlayedGrpc.refusal(Code.INTERNAL, 502), PlayedGrpc.messages(instance));
        assertThat(client.instances().get("a").id()).isEqualTo("a");
        server.saysInTurn(PlayedGrpc.refusal(Code.INTERNAL, 502));
        assertThatThrownBy(() -> client.instances().delete("a")).isInstanceOf(ServerFaultException.class);
        assertThat(server.heard()).hasSize(3);
    }

    @Test
    void aConnectionThatBreaksMayHaveDoneSomething() {
        server.saysInTurn(PlayedGrpc.bare(Code.UNAVAILABLE), PlayedGrpc.messages(ANSWER));
        assertThatThrownBy(() -> client.ask(QUESTION))
                .isInstanceOfSatisfying(
                        ConnectionException.class,
                        e -> assertThat(e.nothingDone()).isFalse());
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void aStreamThatBreaksGivesWhatCameAndThenSaysSo() {
        server.saysInTurn(
                PlayedGrpc.broken(PlayedGrpc.bare(Code.UNAVAILABLE), OPENED, TEXT), PlayedGrpc.messages(OPENED));
        try (var chunks = client.stream(QUESTION)) {
            var read = chunks.iterator();
            assertThat(read.next().id()).isEqualTo("chatcmpl-1");
            assertThat(read.next().text()).isEqualTo("Desk");
            assertThatThrownBy(read::next).isInstanceOf(ConnectionException.class);
        }
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void aServerThatStopsInMidAnswerHasDoneSomething() {
        server.saysInTurn(PlayedGrpc.broken(PlayedGrpc.refusal(Code.UNAVAILABLE, 503), OPENED));
        try (var chunks = client.stream(QUESTION)) {
            var read = chunks.iterator();
            read.next();
            assertThatThrownBy(read::next).isInstanceOfSatisfying(UnavailableException.class, e -> {
                assertThat(e.nothingDone()).isFalse();
                assertThat(e.mayPass()).isTrue();
            });
        }
    }

    @Test
    void aStreamIsOpenedAgainWhereTheServerDidNothing() {
        server.saysInTurn(PlayedGrpc.refusal(Code.UNAVAILABLE, 503), PlayedGrpc.messages(OPENED));
        try (var chunks = client.stream(QUESTION)) {
            assertThat(chunks.iterator().next().id()).isEqualTo("chatcmpl-1");
        }
        assertThat(server.heard()).hasSize(2);
    }

    @Test
    void whatIsLateIsNotAskedAgain() {
        server.saysInTurn(PlayedGrpc.bare(Code.DEADLINE_EXCEEDED), PlayedGrpc.messages(ANSWER));
        assertThatThrownBy(() -> client.ask(QUESTION)).isInstanceOf(DeadlineException.class);
        assertThat(server.heard()).hasSize(1);
        server.saysInTurn(PlayedGrpc.silent(OPENED));
        try (var chunks = client.withTimeout(Duration.ofMillis(300)).stream(QUESTION)) {
            var read = chunks.iterator();
            read.next();
            assertThatThrownBy(read::next).isInstanceOf(DeadlineException.class);
        }
    }

    @Test
    void anAnswerLargerThanAllowedIsNotHeld() {
        var large = ANSWER.toBuilder()
                .setMessage(Message.newBuilder().setContent("x".repeat(2000)))
                .build();
        server.saysInTurn(PlayedGrpc.messages(large));
        try (var small = ApprenticeClient.grpc(server.url()).bodyBytesMax(1000).build()) {
            assertThatThrownBy(() -> small.ask(QUESTION)).isInstanceOf(ProtocolException.class);
        }
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void aWatchGoesOnBehindTheLastEventAfterACut() {
        server.saysInTurn(
                PlayedGrpc.broken(PlayedGrpc.bare(Code.UNAVAILABLE), event(7)), PlayedGrpc.silent(event(7), event(8)));
        try (var events = client.watch(EventQuery.fromNow().ofInstance("support"))) {
            var read = events.iterator();
            assertThat(read.next().sequence()).isEqualTo(7);
            assertThat(read.next().sequence()).isEqualTo(8);
        }
        assertThat(server.heard())
                .extracting(request -> ((WatchRequest) request).getAfter())
                .containsExactly(0L, 7L);
    }

    private static Event event(long sequence) {
        return Event.newBuilder()
                .setSequence(sequence)
                .setKind("lesson")
                .setInstance("support")
                .build();
    }

    @Test
    void theTraceGoesOnAtTheServer() {
        server.saysInTurn(PlayedGrpc.messages(ANSWER));
        var span = Span.wrap(SpanContext.create(
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "00f067aa0ba902b7",
                TraceFlags.getSampled(),
                TraceState.getDefault()));
        try (var scope = span.makeCurrent()) {
            assertThat(scope).isNotNull();
            client.ask(QUESTION);
            assertThat(client.async(c -> c.ask(QUESTION))).succeedsWithin(Duration.ofSeconds(20));
        }
        assertThat(server.heads("traceparent"))
                .hasSize(2)
                .containsOnly("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    }
}
