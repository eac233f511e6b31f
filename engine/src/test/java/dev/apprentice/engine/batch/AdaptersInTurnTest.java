package dev.apprentice.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.adapter.AdapterRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More adapters than memory is for: all answer as they should, in turn, and memory stays within its budget. */
@Timeout(120)
class AdaptersInTurnTest {
    private static final int ADAPTERS = 8;
    private static final int ROWS = 4;
    private static final int PLENTY = 4096;

    @TempDir
    private Path folder;

    private List<AdapterRef> adapters(TinyBatch batch) {
        return IntStream.range(0, ADAPTERS)
                .mapToObj(i -> batch.adapter(folder, i))
                .toList();
    }

    private long bytesOfOne() {
        try (var batch = new TinyBatch(1, PLENTY, PLENTY * (long) PLENTY)) {
            return batch.bytes(batch.adapter(folder, 0));
        }
    }

    @Test
    void allAnswerAsIfEachWereAloneAndTheBudgetHolds() throws InterruptedException {
        long budget = 3 * bytesOfOne();
        var alone = new ArrayList<Completion>();
        List<AdapterRef> adapters;
        try (var roomy = new TinyBatch(1, PLENTY, 1L << 30)) {
            adapters = adapters(roomy);
            for (var adapter : adapters) {
                alone.add(roomy.ask(TinyBatch.request(12).by(adapter)).await());
            }
        }
        try (var batch = new TinyBatch(ROWS, PLENTY, budget)) {
            int before = batch.openScopes();
            for (int round = 0; round < 3; round++) {
                var answers = adapters.stream()
                        .map(adapter -> batch.ask(TinyBatch.request(12).by(adapter)))
                        .toList();
                for (int i = 0; i < ADAPTERS; i++) {
                    assertThat(batch.residency.stats().bytes()).isLessThanOrEqualTo(budget);
                    assertEqual(answers.get(i).await(), alone.get(i));
                }
            }
            batch.awaitQuiet();
            assertThat(batch.residency.stats().count()).isLessThanOrEqualTo(3);
            assertThat(batch.openScopes() - before)
                    .as("scopes beside those of adapters in memory")
                    .isEqualTo((int) batch.residency.stats().count());
        }
    }

    /** The least recently used would each time be gone just before it is asked again. */
    @Test
    void someStayWhereAFewMoreTakeTurnsThanFit() throws InterruptedException {
        try (var batch = new TinyBatch(1, PLENTY, (ADAPTERS - 2) * bytesOfOne() + 1024)) {
            var adapters = adapters(batch);
            int rounds = 10;
            for (int round = 0; round < rounds; round++) {
                for (var adapter : adapters) {
                    batch.ask(TinyBatch.request(1).by(adapter)).await();
                }
            }
            assertThat(batch.residency.stats().loads())
                    .as("loads for %d answers", rounds * ADAPTERS)
                    .isLessThan(rounds * ADAPTERS * 9 / 10);
        }
    }

    @Test
    void whileOneIsLoadedTheOthersGoOn() throws InterruptedException {
        try (var batch = new TinyBatch(ROWS, PLENTY, 1L << 30)) {
            var slow = batch.adapter(folder, 1);
            var another = batch.adapter(folder, 2);
            var loaded = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            try (var _ = batch.residency.pin(another, batch.bytes(another), () -> {
                loaded.countDown(); // on the thread that loads, which is held up here
                await(goOn);
            })) {
                loaded.await();
                try (var waits = batch.ask(TinyBatch.request(4).by(slow))) {
                    for (int i = 0; i < 3; i++) {
                        assertThat(batch.ask(TinyBatch.request(20)).await().tokens())
                                .hasSize(20);
                    }
                    assertThat(waits.idle()).as("nothing was said by it yet").isTrue();
                    goOn.countDown();
                    assertThat(waits.await().tokens()).hasSize(4);
                }
            }
        }
    }

    @Test
    void whoFindsNoRoomWaitsAndIsNotOvertaken() throws InterruptedException {
        try (var batch = new TinyBatch(ROWS, PLENTY, bytesOfOne() + 1024)) {
            var a = batch.adapter(folder, 1);
            var b = batch.adapter(folder, 2);
            var first = batch.ask(TinyBatch.request(TinyBatch.ENDLESS).by(a));
            first.next();
            var second = batch.ask(TinyBatch.request(2).by(b).sharedWithin("b"));
            var third = batch.ask(TinyBatch.request(2).by(a).sharedWithin("a"));
            first.close();
            third.await();
            assertThat(second.timings().placed())
                    .isBeforeOrEqualTo(third.timings().placed());
        }
    }

    @Test
    void whatCanNeverFitIsRefusedWithTheNumbers() {
        long one = bytesOfOne();
        try (var batch = new TinyBatch(1, 64, one - 1)) {
            var adapter = batch.adapter(folder, 1);
            assertThatThrownBy(() -> batch.ask(TinyBatch.request(1).by(adapter)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(Long.toString(one))
                    .hasMessageContaining(Long.toString(one - 1));
            assertThatThrownBy(() -> batch.ask(TinyBatch.request(100)))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            e -> assertThat(e.code()).isEqualTo("context_too_large"))
                    .hasMessageContaining("104 tokens");
        }
    }

    /** They were sound when they were first used, were given up since, and are read again. */
    @Test
    void onesThatAreDamagedMeanwhileFailTheirOwnAnswerOnlyAndAreRefusedFromThenOn()
            throws InterruptedException, IOException {
        try (var batch = new TinyBatch(ROWS, PLENTY, bytesOfOne() + 1024)) {
            var all = new ArrayList<AdapterRef>();
            for (int i = 0; i < 24; i++) {
                all.add(batch.adapter(folder, i));
                batch.ask(TinyBatch.request(1).by(all.getLast())).await();
            }
            int failed = 0;
            for (var gone : all) {
                damage(gone);
                try {
                    batch.ask(TinyBatch.request(1).by(gone)).await();
                } catch (BadModelException e) {
                    failed++;
                    assertThatThrownBy(() -> batch.ask(TinyBatch.request(1).by(gone)))
                            .isInstanceOf(BadModelException.class);
                }
                assertThat(batch.ask(TinyBatch.request(2)).await().tokens()).hasSize(2);
            }
            assertThat(failed)
                    .as("there is room for one, which has not been read again")
                    .isBetween(23, 24);
        }
    }

    private static void damage(AdapterRef adapter) throws IOException {
        var weights = adapter.folder().resolve("adapter_model.safetensors");
        var bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 2] ^= 1;
        Files.write(weights, bytes);
    }

    private static void assertEqual(Completion found, Completion expected) {
        assertThat(found.text()).isEqualTo(expected.text());
        for (int i = 0; i < expected.tokens().size(); i++) {
            assertThat(found.tokens().get(i).logprob())
                    .isCloseTo(expected.tokens().get(i).logprob(), within(1e-3));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
