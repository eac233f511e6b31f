package dev.apprentice.client.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.apprentice.client.ApprenticeClient;
import dev.apprentice.client.RetryPolicy;
import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.asking.ResponseFormat;
import dev.apprentice.client.error.CancelledException;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.error.DeadlineException;
import dev.apprentice.client.error.InvalidRequestException;
import dev.apprentice.client.error.UnavailableException;
import dev.apprentice.client.teaching.Rating;
import dev.apprentice.client.v1.AgentGrpc;
import dev.apprentice.client.v1.AnswerEvent;
import dev.apprentice.client.v1.FeedbackGrpc;
import dev.apprentice.client.v1.GiveRequest;
import dev.apprentice.client.v1.Lesson;
import dev.apprentice.client.v1.Message;
import dev.apprentice.client.v1.Provenance;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls over gRPC to a server that says what a test tells it to. */
@Timeout(60)
final class GrpcTransportTest {
    private static final AskRequest QUESTION = AskRequest.of("support", "Where?");
    private static final dev.apprentice.client.v1.Answer ANSWER = dev.apprentice.client.v1.Answer.newBuilder()
            .setId("chatcmpl-1")
            .setMessage(Message.newBuilder().setRole("assistant").setContent("Desk Heron"))
            .setFinishReason("stop")
            .setProvenance(Provenance.newBuilder().setInstance("support").setCheckpoint(12))
            .build();

    private final List<dev.apprentice.client.v1.AskRequest> asked = new CopyOnWriteArrayList<>();
    private final List<GiveRequest> given = new CopyOnWriteArrayList<>();
    private final List<Metadata> heads = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    private BiConsumer<Integer, StreamObserver<dev.apprentice.client.v1.Answer>> ask = (tries, out) -> {
        out.onNext(ANSWER);
        out.onCompleted();
    };
    private BiConsumer<Integer, StreamObserver<AnswerEvent>> chat = (tries, out) -> out.onCompleted();
    private Server server;
    private ApprenticeClient client;

    @BeforeEach
    void start() throws IOException {
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new Agent())
                .addService(new Feedback())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <A, B> ServerCall.Listener<A> interceptCall(
                            ServerCall<A, B> call, Metadata head, ServerCallHandler<A, B> next) {
                        heads.add(head);
                        return next.startCall(call, head);
                    }
                })
                .build()
                .start();
        client = ApprenticeClient.grpc("http://127.0.0.1:" + server.getPort())
                .token("ak_test")
                .retries(RetryPolicy.builder().firstDelay(Duration.ofMillis(1)).build())
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    private final class Agent extends AgentGrpc.AgentImplBase {
        private final AtomicInteger tries = new AtomicInteger();

        @Override
        public void ask(
                dev.apprentice.client.v1.AskRequest request, StreamObserver<dev.apprentice.client.v1.Answer> out) {
            asked.add(request);
            ask.accept(tries.incrementAndGet(), out);
        }

        @Override
        public void chat(dev.apprentice.client.v1.AskRequest request, StreamObserver<AnswerEvent> out) {
            ((ServerCallStreamObserver<AnswerEvent>) out).setOnCancelHandler(() -> cancelled.complete(true));
            chat.accept(tries.incrementAndGet(), out);
        }
    }

    private final class Feedback extends FeedbackGrpc.FeedbackImplBase {
        @Override
        public void give(GiveRequest request, StreamObserver<Lesson> out) {
            given.add(request);
            out.onNext(Lesson.newBuilder().setId("les_1").setState("recorded").build());
            out.onCompleted();
        }
    }

    private static Throwable said(Status.Code code, String reason, com.google.protobuf.Message... more) {
        var status = com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage("said " + reason)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(reason)
                        .setDomain("apprentice")
                        .build()));
        for (var detail : more) {
            status.addDetails(Any.pack(detail));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    @Test
    void anAnswerIsTheSameAsOverHttp() {
        var answer = client.ask(AskRequest.builder("support")
                .user("Where?")
                .temperature(0)
                .stop("\n")
                .episode("ep_1")
                .recall(false)
                .responseFormat(ResponseFormat.choice(List.of("a", "b")))
                .build());
        assertThat(answer.id()).isEqualTo("chatcmpl-1");
        assertThat(answer.text()).isEqualTo("Desk Heron");
        assertThat(answer.provenance().orElseThrow().checkpoint()).isEqualTo(12);
        var request = asked.get(0);
        assertThat(request.getSampling().getTemperature()).isZero();
        assertThat(request.getSampling().hasTemperature()).isTrue();
        assertThat(request.getSampling().getStopList()).containsExactly("\n");
        assertThat(request.getEpisode()).isEqualTo("ep_1");
        assertThat(request.hasRecall()).isTrue();
        assertThat(request.getResponseFormat().getChoice().getValuesList()).containsExactly("a", "b");
        assertThat(heads.get(0).get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("Bearer ak_test");
    }

    @Test
    void feedbackHasItsKindAndItsKey() {
        assertThat(client.rate("chatcmpl-1", Rating.UP).id()).isEqualTo("les_1");
        client.correct("chatcmpl-1", "Heron");
        assertThat(given.get(0).getRating().getUp()).isTrue();
        assertThat(given.get(1).getCorrection().getAnswer()).isEqualTo("Heron");
        assertThat(heads.get(0).get(Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER)))
                .isNotBlank();
    }

    @Test
    void whatGrpcHasNoPlaceForIsRefusedByName() {
        var request = QUESTION.toBuilder()
                .field("service_tier", dev.apprentice.client.value.Wire.value("flex"))
                .build();
        assertThatThrownBy(() -> client.ask(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("service_tier");
        assertThat(asked).isEmpty();
    }

    @Test
    void aServerThatIsBusyIsAskedAgainAfterTheWaitItWants() {
        var wait = RetryInfo.newBuilder()
                .setRetryDelay(com.google.protobuf.Duration.newBuilder().setNanos(2_000_000))
                .build();
        var good = ask;
        ask = (tries, out) -> {
            if (tries == 1) {
                out.onError(said(Status.Code.UNAVAILABLE, "draining", wait));
            } else {
                good.accept(tries, out);
            }
        };
        assertThat(client.ask(QUESTION).text()).isEqualTo("Desk Heron");
        assertThat(asked).hasSize(2);
    }

    @Test
    void aServerThatStaysBusyIsNamed() {
        ask = (tries, out) -> out.onError(said(Status.Code.UNAVAILABLE, "draining"));
        assertThatThrownBy(() -> client.ask(QUESTION))
                .isInstanceOfSatisfying(
                        UnavailableException.class, e -> assertThat(e.code()).isEqualTo("draining"));
        assertThat(asked).hasSize(3);
    }

    @Test
    void aConnectionThatBreaksIsNoReasonToAskTwice() {
        ask = (tries, out) -> server.shutdownNow();
        assertThatThrownBy(() -> client.ask(QUESTION))
                .isInstanceOfAny(ConnectionException.class, CancelledException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereIsAConnectionThatWasNotMade() throws InterruptedException {
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> client.ask(QUESTION))
                .isInstanceOfSatisfying(
                        ConnectionException.class,
                        e -> assertThat(e.nothingDone()).isTrue());
    }

    @Test
    void theDetailsOfAnErrorAreRead() {
        var bad = BadRequest.newBuilder()
                .addFieldViolations(BadRequest.FieldViolation.newBuilder().setField("sampling.temperature"))
                .build();
        ask = (tries, out) -> out.onError(said(Status.Code.INVALID_ARGUMENT, "invalid_value", bad));
        var error = catchThrowableOfType(InvalidRequestException.class, () -> client.ask(QUESTION));
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.code()).isEqualTo("invalid_value");
        assertThat(error.field()).contains("sampling.temperature");
        assertThat(error).hasMessageContaining("said invalid_value");
    }

    @Test
    void aCallDoesNotOutliveItsDeadline() {
        ask = (tries, out) -> {};
        assertThatThrownBy(() -> client.withTimeout(Duration.ofMillis(200)).ask(QUESTION))
                .isInstanceOf(DeadlineException.class)
                .hasMessageContaining("200 ms");
    }

    private static AnswerEvent text(String text) {
        return AnswerEvent.newBuilder()
                .setDelta(AnswerEvent.Delta.newBuilder().setContent(text))
                .build();
    }

    private static AnswerEvent opened() {
        return AnswerEvent.newBuilder()
                .setOpened(AnswerEvent.Opened.newBuilder().setId("c1").setModel("support"))
                .build();
    }

    @Test
    void theEventsAreTheAnswer() {
        chat = (tries, out) -> {
            out.onNext(opened());
            out.onNext(text("Desk "));
            out.onNext(text("Heron"));
            out.onNext(AnswerEvent.newBuilder()
                    .setFinished(AnswerEvent.Finished.newBuilder().setFinishReason("length"))
                    .build());
            out.onCompleted();
        };
        try (var chunks = client.stream(QUESTION)) {
            var answer = Answer.of(chunks);
            assertThat(answer.id()).isEqualTo("c1");
            assertThat(answer.text()).isEqualTo("Desk Heron");
            assertThat(answer.finishReason().value()).isEqualTo("length");
        }
    }

    @Test
    void aStreamThatEndsWithoutAFinishWasCutOff() {
        chat = (tries, out) -> {
            out.onNext(opened());
            out.onCompleted();
        };
        try (var chunks = client.stream(QUESTION)) {
            assertThatThrownBy(() -> Answer.of(chunks)).isInstanceOf(ConnectionException.class);
        }
    }

    @Test
    void closingAStreamCancelsItAtTheServer() {
        chat = (tries, out) -> out.onNext(opened());
        try (var chunks = client.stream(QUESTION)) {
            assertThat(chunks.iterator().next().id()).isEqualTo("c1");
        }
        assertThat(cancelled).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void aReaderThatSleepsStopsTheServer() {
        var blocked = new CompletableFuture<Integer>();
        chat = (tries, out) -> {
            out.onNext(opened());
            var call = (ServerCallStreamObserver<AnswerEvent>) out;
            int sent = 0;
            while (call.isReady() && sent < 100_000) {
                out.onNext(text("x".repeat(10_000)));
                sent++;
            }
            blocked.complete(sent);
        };
        try (var chunks = client.stream(QUESTION)) {
            assertThat(chunks.iterator().next().id()).isEqualTo("c1");
            assertThat(blocked)
                    .succeedsWithin(Duration.ofSeconds(20))
                    .satisfies(sent -> assertThat(sent).isLessThan(100_000));
        }
    }
}
