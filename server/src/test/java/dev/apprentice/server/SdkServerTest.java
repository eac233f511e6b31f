package dev.apprentice.server;

import static dev.apprentice.server.SdkWay.ask;
import static dev.apprentice.server.SdkWay.endless;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.client.ApprenticeClient;
import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.asking.FinishReason;
import dev.apprentice.client.asking.ResponseFormat;
import dev.apprentice.client.error.DeadlineException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Our own client asks the real server with the real default model, over HTTP and over gRPC. */
@Timeout(120)
@ParameterizedClass
@EnumSource(SdkWay.class)
@ExtendWith(SharedServer.class)
final class SdkServerTest {
    private final SdkWay way;
    private final Apprentice apprentice;
    private final ApprenticeClient client;

    SdkServerTest(SdkWay way, Apprentice apprentice) {
        this.way = way;
        this.apprentice = apprentice;
        this.client = way.to(apprentice.port()).build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void anAnswerSaysWhatItIsAndWhereItComesFrom() {
        var instance = way.learner(client, "asked");
        var answer = client.ask(ask(instance).toBuilder().logprobs(2).build());

        assertThat(answer.id()).startsWith("chatcmpl-");
        assertThat(answer.model()).isEqualTo(instance);
        assertThat(answer.created()).isAfter(Instant.parse("2025-01-01T00:00:00Z"));
        assertThat(answer.text()).isNotEmpty();
        assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(8);
        assertThat(answer.usage().orElseThrow().promptTokens()).isPositive();
        var provenance = answer.provenance().orElseThrow();
        assertThat(provenance.instance()).contains(instance);
        assertThat(provenance.checkpoint()).isZero();
        assertThat(provenance.recalled()).isEmpty();
        assertThat(answer.logprobs()).hasSize(8).allSatisfy(token -> {
            assertThat(token.logprob()).isNegative();
            assertThat(token.top()).hasSize(2);
        });
        assertThat(answer.logprobs().stream()
                        .map(token -> new String(token.bytes(), java.nio.charset.StandardCharsets.UTF_8))
                        .collect(Collectors.joining()))
                .isEqualTo(answer.text());
    }

    @Test
    void everyWayOfReadingAStreamGivesTheWholeAnswer() {
        var whole = client.ask(ask("base"));
        try (var chunks = client.stream(ask("base"))) {
            var joined = Answer.of(chunks);
            assertThat(joined.text()).isEqualTo(whole.text());
            assertThat(joined.usage()).isEqualTo(whole.usage());
            assertThat(joined.finishReason()).isEqualTo(whole.finishReason());
            assertThat(joined.provenance()).isPresent();
        }
        try (var chunks = client.stream(ask("base")).stream()) {
            assertThat(chunks.map(AnswerChunk::text).collect(Collectors.joining()))
                    .isEqualTo(whole.text());
        }
        var read = new Reader();
        client.stream(ask("base")).publisher().subscribe(read);
        assertThat(read.all)
                .succeedsWithin(Duration.ofSeconds(60))
                .satisfies(chunks -> assertThat(Answer.of(chunks).text()).isEqualTo(whole.text()));
    }

    @Test
    void anAnswerIsHeldToTheFormThatWasAskedFor() {
        var form = ResponseFormat.choice(List.of("Desk Heron", "Desk Wren"));
        var held = client.ask(
                ask("base").toBuilder().responseFormat(form).maxTokens(24).build());
        assertThat(held.text()).isIn("Desk Heron", "Desk Wren");
        assertThat(held.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aFutureIsCompletedWithTheAnswer() {
        var both = client.async(c -> c.ask(ask("base"))).thenCombine(client.async(c -> c.ask(ask("base"))), List::of);
        assertThat(both)
                .succeedsWithin(Duration.ofSeconds(60))
                .satisfies(answers -> assertThat(answers)
                        .extracting(Answer::text)
                        .containsOnly(client.ask(ask("base")).text()));
    }

    @Test
    void whoeverLeavesAnAnswerFreesItsPlace() {
        try (var chunks = client.stream(endless())) {
            assertThat(chunks.iterator().next().id()).startsWith("chatcmpl-");
            assertAnswering();
        }
        assertNothingIsAnswered();

        var future = client.async(c -> c.ask(endless()));
        assertAnswering();
        assertThat(future.cancel(true)).isTrue();
        assertNothingIsAnswered();
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);

        var reader = new Reader();
        client.stream(endless()).publisher().subscribe(reader);
        assertAnswering();
        reader.leave();
        assertNothingIsAnswered();
    }

    @Test
    void whatTakesTooLongEndsAtItsDeadlineAndFreesItsPlace() {
        var hasty = client.withTimeout(Duration.ofMillis(400));
        assertThatThrownBy(() -> hasty.ask(endless()))
                .isInstanceOf(DeadlineException.class)
                .hasMessageContaining("400 ms");
        assertNothingIsAnswered();
        assertThatThrownBy(() -> {
                    try (var chunks = hasty.stream(endless())) {
                        Answer.of(chunks);
                    }
                })
                .isInstanceOf(DeadlineException.class);
        assertNothingIsAnswered();
    }

    /** The learner's own questions may be among what runs, so this is necessary and no more. */
    private void assertAnswering() {
        assertThat(comes(running -> running > 0)).isTrue();
    }

    /** The endless answer goes on for longer than this waits, unless it is given up. */
    private void assertNothingIsAnswered() {
        assertThat(comes(running -> running == 0)).isTrue();
    }

    private boolean comes(IntPredicate wish) {
        var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        var comes = wish.test(apprentice.engine().stats().running());
        while (!comes && System.nanoTime() < until) {
            Thread.onSpinWait();
            comes = wish.test(apprentice.engine().stats().running());
        }
        return comes;
    }

    /** Takes what comes, piece by piece. */
    private static final class Reader implements Flow.Subscriber<AnswerChunk> {
        final CompletableFuture<List<AnswerChunk>> all = new CompletableFuture<>();
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        private final List<AnswerChunk> chunks = new ArrayList<>();

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
            given.request(1);
        }

        @Override
        public void onNext(AnswerChunk chunk) {
            chunks.add(chunk);
            subscription.join().request(1);
        }

        @Override
        public void onError(Throwable error) {
            all.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            all.complete(chunks);
        }

        void leave() {
            subscription.join().cancel();
        }
    }
}
