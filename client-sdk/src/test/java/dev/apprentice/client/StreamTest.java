package dev.apprentice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.asking.FinishReason;
import dev.apprentice.client.error.CancelledException;
import dev.apprentice.client.error.ConnectionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are read while they are made. */
@Timeout(60)
final class StreamTest {
    private static final AskRequest QUESTION = AskRequest.of("support", "Where?");
    private static final String DESK =
            "data: {\"id\":\"c1\",\"model\":\"support\",\"choices\":[{\"delta\":{\"content\":\"Desk \"}}]}";
    private static final String HERON = "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{\"content\":\"Heron\"}}]}";
    private static final String END = "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],"
            + "\"apprentice\":{\"instance\":\"support\",\"checkpoint\":2}}";
    private static final String COUNT = "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"completion_tokens\":3}}";

    private final Played server = new Played();
    private final ApprenticeClient client = server.client().build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private void playAnswer() {
        server.answers(Played.events(
                ": waiting", "", DESK, "", HERON, "", ": waiting", "", END, "", COUNT, "", "data: [DONE]", ""));
    }

    @Test
    void theChunksAreTheAnswer() {
        playAnswer();
        try (var chunks = client.stream(QUESTION)) {
            var answer = Answer.of(chunks);
            assertThat(answer.id()).isEqualTo("c1");
            assertThat(answer.text()).isEqualTo("Desk Heron");
            assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(answer.provenance().orElseThrow().checkpoint()).isEqualTo(2);
            assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(3);
        }
        assertThat(server.heard().get(0).getBodyAsString())
                .contains("\"stream\":true")
                .contains("\"include_usage\":true");
    }

    @Test
    void aJavaStreamReadsTheSame() {
        playAnswer();
        try (var chunks = client.stream(QUESTION).stream()) {
            assertThat(chunks.map(AnswerChunk::text).collect(Collectors.joining()))
                    .isEqualTo("Desk Heron");
        }
    }

    @Test
    void callsOfToolsArePutTogether() {
        server.answers(Played.events(
                "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"desk\",\"arguments\":\"{\\\"for\\\":\"}}]}}]}",
                "",
                "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
                        + "\"function\":{\"arguments\":\"\\\"refunds\\\"}\"}}]},\"finish_reason\":\"tool_calls\"}]}",
                "",
                "data: [DONE]",
                ""));
        try (var chunks = client.stream(QUESTION)) {
            var answer = Answer.of(chunks);
            assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            var call = answer.toolCalls().get(0);
            assertThat(call.id()).isEqualTo("t1");
            assertThat(call.name()).isEqualTo("desk");
            assertThat(call.readArguments().path("for").asText()).isEqualTo("refunds");
        }
    }

    @Test
    void aStreamHasOneReader() {
        playAnswer();
        try (var chunks = client.stream(QUESTION)) {
            assertThat(chunks.iterator()).isNotNull();
            assertThatThrownBy(chunks::stream).isInstanceOf(IllegalStateException.class);
            var late = new Listener<AnswerChunk>();
            chunks.publisher().subscribe(late);
            assertThat(late.ended).isCompletedExceptionally();
        }
    }

    @Test
    void aSubscriberGetsWhatItAsksForAndNoMore() throws Exception {
        playAnswer();
        try (var chunks = client.stream(QUESTION)) {
            var listener = new Listener<AnswerChunk>();
            chunks.publisher().subscribe(listener);
            listener.subscription.get().request(1);
            assertThat(listener.heard.take().text()).isEqualTo("Desk ");
            assertThat(listener.heard.poll(50, TimeUnit.MILLISECONDS)).isNull();
            listener.subscription.get().request(Long.MAX_VALUE);
            listener.subscription.get().request(Long.MAX_VALUE); // does not overflow
            listener.ended.get(10, TimeUnit.SECONDS);
            assertThat(listener.heard).hasSize(3);
        }
    }

    @Test
    void asksThatMakeNoSenseEndASubscription() {
        playAnswer();
        try (var chunks = client.stream(QUESTION)) {
            var listener = new Listener<AnswerChunk>();
            chunks.publisher().subscribe(listener);
            listener.subscription.join().request(0);
            assertThat(listener.ended)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aSubscriberHearsOfABreak() {
        server.answers(Played.events(DESK, ""));
        var listener = new Listener<AnswerChunk>();
        client.stream(QUESTION).publisher().subscribe(listener);
        listener.subscription.join().request(10);
        assertThat(listener.ended)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(ConnectionException.class);
        assertThat(listener.heard).hasSize(1);
    }

    /** The server could write 512 MB; what a sleeping reader lets it write is what the sockets hold. */
    @Test
    void aReaderThatSleepsStopsTheServer() throws Exception {
        var written = new AtomicLong();
        var all = new CountDownLatch(1);
        var event = (HERON + " ".repeat(16_000) + "\n\n").getBytes(StandardCharsets.UTF_8);
        RawServer.Script endless = (socket, out) -> {
            out.write(RawServer.EVENTS.getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 32_768; i++) {
                out.write(event);
                written.addAndGet(event.length);
            }
            all.countDown();
        };
        try (var raw = new RawServer(endless);
                var asking = ApprenticeClient.http(raw.url()).build()) {
            try (var chunks = asking.stream(QUESTION)) {
                assertThat(chunks.iterator().next().text()).isEqualTo("Heron");
                assertThat(all.await(700, TimeUnit.MILLISECONDS)).isFalse();
                assertThat(written).hasValueLessThan(32L * 1024 * 1024);
            }
        }
    }

    @Test
    void closingFromAnotherThreadWakesTheReaderAndEndsTheConnection() throws Exception {
        var left = new CompletableFuture<Integer>();
        RawServer.Script silent = (socket, out) -> {
            out.write((RawServer.EVENTS + DESK + "\n\n").getBytes(StandardCharsets.UTF_8));
            try {
                left.complete(socket.getInputStream().read());
            } catch (IOException e) {
                left.complete(-1); // a reset is a leave, too
            }
        };
        try (var raw = new RawServer(silent);
                var asking = ApprenticeClient.http(raw.url()).build()) {
            var chunks = asking.stream(QUESTION);
            var heard = chunks.iterator();
            heard.next();
            var waiting = CompletableFuture.supplyAsync(heard::hasNext);
            chunks.close();
            assertThat(waiting)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(CancelledException.class);
            assertThat(left.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    @Test
    void anInterruptedReaderComesBackInterrupted() throws IOException {
        RawServer.Script silent = (socket, out) -> {
            out.write(RawServer.EVENTS.getBytes(StandardCharsets.UTF_8));
            socket.getInputStream().read();
        };
        try (var raw = new RawServer(silent);
                var asking = ApprenticeClient.http(raw.url()).build();
                var chunks = asking.stream(QUESTION)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> chunks.iterator().hasNext()).isInstanceOf(CancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Writes down what it is told. */
    private static final class Listener<T> implements Flow.Subscriber<T> {
        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        final BlockingQueue<T> heard = new LinkedBlockingQueue<>();
        final CompletableFuture<List<T>> ended = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
        }

        @Override
        public void onNext(T item) {
            heard.add(item);
        }

        @Override
        public void onError(Throwable error) {
            ended.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            ended.complete(List.copyOf(heard));
        }
    }
}
