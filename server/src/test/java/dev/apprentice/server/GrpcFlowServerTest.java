package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.ErrorInfo;
import dev.apprentice.client.v1.AgentGrpc;
import dev.apprentice.client.v1.AnswerEvent;
import dev.apprentice.client.v1.AskRequest;
import dev.apprentice.client.v1.Message;
import dev.apprentice.server.security.Guard;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers that are slow, many or gone, and a server that stops, over gRPC and without a model. */
@Timeout(120)
final class GrpcFlowServerTest {
    private static final int WINDOW = 65_535;

    /** Of a thousand bytes each: far more than the window. */
    private static final int MANY = 3000;

    /** What can be on its way: the window, what its owner took from it before it was told to stop, and one more. */
    private static final int ON_THE_WAY_MAX = 2 * WINDOW / 1000 + 1;

    /** Who writes nothing for so long waits for its reader. */
    private static final Duration STILL = Duration.ofMillis(300);

    private final StubAgent agent = new StubAgent();
    private @Nullable OpenPort open;
    private @Nullable ManagedChannel channel;

    @AfterEach
    void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
        if (open != null) {
            open.close();
        }
    }

    @Test
    void aStreamThatNobodyReadsWaitsWhileOthersGoOnAndLosesNothing() throws Exception {
        begin(Map.of());
        var slow = new Reader(false);
        stub().chat(ask(MANY), slow);
        slow.begun.await();
        slow.read(1);
        awaitStill();
        assertThat(agent.told.get()).isBetween(1, ON_THE_WAY_MAX);

        var other = new Reader(true);
        stub().chat(ask(MANY / 20), other);
        assertThat(other.over.get(60, TimeUnit.SECONDS)).isEqualTo(Code.OK);
        assertThat(slow.over).isNotDone();

        slow.read(MANY);
        assertThat(slow.over.get(60, TimeUnit.SECONDS)).isEqualTo(Code.OK);
        assertThat(slow.numbers).hasSize(MANY).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aWriterThatWaitsForItsReaderIsFreedWhenTheReaderCancels() throws Exception {
        begin(Map.of());
        var slow = new Reader(false);
        stub().chat(ask(MANY), slow);
        slow.begun.await();
        awaitStill();
        slow.cancel();
        assertWithin(Duration.ofSeconds(1), () -> agent.ended.get() == 1);
    }

    @Test
    void aWriterThatWaitsForItsReaderIsFreedWhenTheConnectionBreaks() throws Exception {
        begin(Map.of());
        var slow = new Reader(false);
        stub().chat(ask(MANY), slow);
        slow.begun.await();
        awaitStill();
        Objects.requireNonNull(channel).shutdownNow();
        assertWithin(Duration.ofSeconds(1), () -> agent.ended.get() == 1);
    }

    @Test
    void aWriterThatWaitsForItsReaderIsFreedAtTheDeadline() throws Exception {
        begin(Map.of());
        var slow = new Reader(false);
        stub().withDeadlineAfter(2, TimeUnit.SECONDS).chat(ask(MANY), slow);
        await(() -> agent.begun.get() == 1 || slow.over.isDone()); // on a busy machine it is late before it begins
        assertThat(slow.over.get(30, TimeUnit.SECONDS)).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertWithin(Duration.ofSeconds(1), () -> agent.ended.get() == agent.begun.get());
    }

    @Test
    void aClientThatReadsNothingForTooLongIsGivenUp() throws Exception {
        begin(Map.of("listen.write_timeout_ms", "300"));
        var slow = new Reader(false);
        stub().chat(ask(MANY), slow);
        slow.begun.await();
        await(() -> agent.ended.get() == 1);
        slow.read(MANY);
        assertThat(slow.over.get(30, TimeUnit.SECONDS)).isEqualTo(Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void fiftyStreamsShareOneConnection() throws Exception {
        begin(Map.of());
        var readers = new ArrayList<Reader>();
        for (var i = 0; i < 50; i++) {
            readers.add(new Reader(true));
            stub().chat(ask(100), readers.getLast());
        }
        for (var reader : readers) {
            assertThat(reader.over.get(60, TimeUnit.SECONDS)).isEqualTo(Code.OK);
            assertThat(reader.numbers).hasSize(100).isSorted();
        }
    }

    @Test
    void whoeverCancelsManyCallsKeepsHisConnection() throws Exception {
        begin(Map.of());
        var other = new Reader(false);
        stub().chat(ask(5), other);
        for (var i = 1; i <= 100; i++) { // twice as many as Helidon takes for an attack by itself
            var cancelled = new Reader(false);
            stub().chat(ask(MANY), cancelled);
            cancelled.read(1);
            await(() -> cancelled.heard.getCount() == 0 || cancelled.over.isDone());
            cancelled.cancel();
            assertThat(cancelled.over.get(30, TimeUnit.SECONDS))
                    .as(cancelled.said)
                    .isEqualTo(Code.CANCELLED);
        }
        other.read(5);
        assertThat(other.over.get(60, TimeUnit.SECONDS)).as(other.said).isEqualTo(Code.OK);
    }

    @Test
    void aServerThatStopsSaysSoAndLetsStreamsFinish() throws Exception {
        begin(Map.of());
        var running = new Reader(false);
        stub().chat(ask(MANY), running);
        running.begun.await();
        awaitStill();
        var closing = Thread.ofVirtual().start(Objects.requireNonNull(open)::close);

        await(() -> health() == ServingStatus.NOT_SERVING);
        var refused = awaitRefusal();
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
        var details = Objects.requireNonNull(StatusProto.fromThrowable(refused)).getDetailsList();
        assertThat(details.getFirst().unpack(ErrorInfo.class).getReason()).isEqualTo("draining");

        running.read(MANY);
        assertThat(running.over.get(60, TimeUnit.SECONDS)).isEqualTo(Code.OK);
        assertThat(running.numbers).hasSize(MANY);
        closing.join();
    }

    @Test
    void whenTheGraceIsOverAStreamSaysThatItIsNotWhole() throws Exception {
        begin(Map.of("listen.grace_ms", "100"));
        var running = new Reader(false);
        stub().chat(ask(MANY), running);
        running.begun.await();
        awaitStill();
        var closing = Thread.ofVirtual().start(Objects.requireNonNull(open)::close);
        running.read(MANY);
        assertThat(running.over.get(60, TimeUnit.SECONDS)).isIn(Code.UNAVAILABLE, Code.OK);
        closing.join();
        assertThat(agent.ended.get()).isEqualTo(1);
    }

    private void begin(Map<String, String> flags) {
        var opened = new OpenPort(flags, Guard.withoutKeys(), List.of(agent));
        open = opened;
        channel = NettyChannelBuilder.forAddress("localhost", opened.listener.port())
                .flowControlWindow(WINDOW)
                .usePlaintext()
                .build();
    }

    private AgentGrpc.AgentStub stub() {
        return AgentGrpc.newStub(Objects.requireNonNull(channel));
    }

    private ServingStatus health() {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    /** Health says it first, so that a call or two may still be let in. */
    private StatusRuntimeException awaitRefusal() {
        while (true) {
            spin();
            var refused = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> AgentGrpc.newBlockingStub(channel).ask(ask(1)));
            if (refused != null) {
                return refused;
            }
        }
    }

    /** Waits until the writer makes no headway any more. */
    private void awaitStill() {
        var told = 0;
        var since = System.nanoTime();
        while (told == 0 || System.nanoTime() - since < STILL.toNanos()) {
            if (agent.told.get() != told) {
                told = agent.told.get();
                since = System.nanoTime();
            }
            spin();
        }
    }

    /** Looks again at once, until the time limit of the test interrupts it. */
    private static void spin() {
        assertThat(Thread.currentThread().isInterrupted())
                .as("the time limit is over")
                .isFalse();
        Thread.onSpinWait();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            spin();
        }
    }

    private static void assertWithin(Duration time, BooleanSupplier condition) {
        var start = System.nanoTime();
        await(condition);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(time);
    }

    private static AskRequest ask(int tokens) {
        return AskRequest.newBuilder()
                .setMaxTokens(tokens)
                .addMessages(Message.newBuilder().setContent("Hi."))
                .build();
    }

    /** Reads as much as it is told to, or all. */
    private static final class Reader implements ClientResponseObserver<AskRequest, AnswerEvent> {
        private final boolean all;
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch heard = new CountDownLatch(1);
        private final CompletableFuture<Code> over = new CompletableFuture<>();
        private final List<Integer> numbers = new ArrayList<>();
        private @Nullable ClientCallStreamObserver<AskRequest> call;
        private volatile String said = "";

        Reader(boolean all) {
            this.all = all;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<AskRequest> call) {
            this.call = call;
            if (!all) {
                call.disableAutoRequestWithInitial(0);
            }
            begun.countDown();
        }

        void read(int events) {
            Objects.requireNonNull(call).request(events);
        }

        void cancel() {
            Objects.requireNonNull(call).cancel("enough", null);
        }

        @Override
        public void onNext(AnswerEvent event) {
            numbers.add(StubAgent.number(event));
            heard.countDown();
        }

        @Override
        public void onError(Throwable error) {
            said = error.toString();
            over.complete(Status.fromThrowable(error).getCode());
        }

        @Override
        public void onCompleted() {
            over.complete(Code.OK);
        }
    }
}
