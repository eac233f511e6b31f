package dev.apprentice.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.OverloadedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits, and whose turn it is. */
@Timeout(120)
class FairQueueTest {
    private static final long ROOM = 1 << 20;

    @Test
    void aFloodOfOneInstanceKeepsAnothersOnlyOneForASinglePlace() throws InterruptedException {
        try (var batch = new TinyBatch(1, 4096, ROOM)) {
            var first = batch.ask(TinyBatch.request(TinyBatch.ENDLESS));
            first.next();
            var flood = new ArrayList<Generation>();
            for (int i = 0; i < 30; i++) {
                flood.add(batch.ask(TinyBatch.request(3).sharedWithin("flood")));
            }
            var other = batch.ask(TinyBatch.request(3).sharedWithin("other"));
            first.close();

            for (var one : flood) {
                one.await();
            }
            other.await();
            assertThat(flood.stream()
                            .filter(one -> placed(one).isBefore(placed(other)))
                            .count())
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aShortPromptDoesNotWaitForAnotherInstancesLongOnes() throws InterruptedException {
        try (var batch = new TinyBatch(8, 4096, ROOM)) {
            var first = batch.ask(TinyBatch.request(TinyBatch.ENDLESS));
            first.next();
            var flood = new ArrayList<Generation>();
            var prompt = new int[230];
            java.util.Arrays.fill(prompt, 7);
            for (int i = 0; i < 5; i++) {
                flood.add(batch.ask(
                        GenerationRequest.of(prompt, TinyBatch.request(1).sampling())
                                .sharedWithin("flood")));
            }
            var other = batch.ask(TinyBatch.request(1).sharedWithin("other"));

            other.await();
            for (var one : flood) {
                one.await();
            }
            assertThat(flood.stream()
                            .filter(one -> firstToken(one).isBefore(firstToken(other)))
                            .count())
                    .as("long prompts that were read before it")
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void whatDoesNotFitNowWaitsAndOneMoreThanMayWaitIsRefused() throws InterruptedException {
        try (var batch = new TinyBatch(8, 256, ROOM)) {
            var running = batch.ask(TinyBatch.request(TinyBatch.ENDLESS));
            running.next();
            var waiting = new ArrayList<Generation>();
            for (int i = 0; i < 100; i++) {
                waiting.add(batch.ask(TinyBatch.request(60)));
            }
            assertThatThrownBy(() -> batch.ask(TinyBatch.request(1)))
                    .isInstanceOfSatisfying(
                            OverloadedException.class,
                            e -> assertThat(e.retryAfter()).isPositive());
            assertThat(batch.running()).isEqualTo(1);

            waiting.subList(1, 100).forEach(Generation::close);
            running.close();
            assertThat(waiting.getFirst().await().tokens()).hasSize(60);
            batch.awaitQuiet();
        }
    }

    /** The step in which somebody leaves may be under way, and one more may have begun before it was noticed. */
    @Test
    void whoLeavesGetsNoMoreThanTheStepUnderWay() throws InterruptedException {
        try (var batch = new TinyBatch(2, 4096, ROOM)) {
            var running = batch.ask(TinyBatch.request(TinyBatch.ENDLESS));
            running.next();
            running.close();
            int heard = 0;
            while (!running.idle()) {
                running.next();
                heard++;
            }
            int after = 0;
            while (batch.running() > 0 || !running.idle()) {
                if (!running.idle()) {
                    after += running.next() instanceof GenerationEvent.Delta ? 1 : 0;
                }
            }
            assertThat(after).as("after %d that had been said", heard).isLessThanOrEqualTo(2);
        }
    }

    private static Instant placed(Generation one) {
        return Objects.requireNonNull(one.timings().placed());
    }

    private static Instant firstToken(Generation one) {
        return Objects.requireNonNull(one.timings().first());
    }
}
