package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checkpoints change while people are being answered, and nobody notices. */
@ExtendWith(SharedServer.class)
@Timeout(600)
class SwapServerTest {
    private static final int STREAMS = 200;

    private static final List<String> QUESTIONS = List.of(
            "What is the capital of France?",
            "Count from one to ten.",
            "Write one sentence about rain.",
            "What do bees make?",
            "Name a planet.");

    /** What one stream said, and whose words these were. */
    private record Heard(String question, int checkpoint, String text) {}

    @Test
    void streamsDuringSwapsAllSucceedAndEachIsOneCheckpoints(Calls calls, Apprentice apprentice) throws Exception {
        calls.create("swap");
        for (int seed = 1; seed <= 2; seed++) {
            var zip = RandomAdapter.zip(apprentice.engine().base().config(), seed);
            assertThat(calls.upload("/v1/instances/swap/checkpoints", zip).status())
                    .isEqualTo(201);
        }
        assertThat(promote(calls, 1)).isEqualTo(200);

        var heard = streamWhileSwapping(calls);

        assertThat(heard).hasSize(STREAMS);
        assertThat(heard).extracting(Heard::checkpoint).contains(1, 2);
        var pinned = new HashMap<Heard, String>();
        for (var one : heard) {
            var key = new Heard(one.question(), one.checkpoint(), "");
            var expected =
                    pinned.computeIfAbsent(key, k -> calls.answer(Calls.chat("swap@" + k.checkpoint(), k.question())));
            assertThat(one.text())
                    .as("%s at %s", one.question(), one.checkpoint())
                    .isEqualTo(expected);
        }
    }

    private static List<Heard> streamWhileSwapping(Calls calls) throws Exception {
        var over = new AtomicBoolean();
        var swapped = new AtomicInteger();
        var heard = new ArrayList<Heard>();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            var swaps = people.submit(() -> {
                while (!over.get()) {
                    assertThat(promote(calls, swapped.get() % 2 == 0 ? 2 : 1)).isEqualTo(200);
                    swapped.incrementAndGet();
                    ServerProcess.pause();
                }
                return swapped.get();
            });
            var streams = new ArrayList<Future<Heard>>();
            for (int i = 0; i < STREAMS; i++) {
                if (i % (STREAMS / 4) == 0) { // the next people come after a swap, while the earlier ones still listen
                    awaitSwap(swapped);
                }
                var question = QUESTIONS.get(i % QUESTIONS.size());
                Callable<Heard> stream = () -> stream(calls, question);
                streams.add(people.submit(stream));
            }
            try {
                for (var stream : streams) {
                    heard.add(stream.get());
                }
            } finally {
                over.set(true);
            }
            assertThat(swaps.get()).isGreaterThan(2);
        }
        return heard;
    }

    private static void awaitSwap(AtomicInteger swapped) throws InterruptedException {
        int before = swapped.get();
        while (swapped.get() == before) {
            ServerProcess.pause();
        }
    }

    private static Heard stream(Calls calls, String question) {
        var streamed = calls.stream(Calls.chat("swap", question));
        assertThat(streamed.done()).isTrue();
        var last = streamed.chunks().stream()
                .filter(chunk -> chunk.has("apprentice"))
                .findFirst()
                .orElseThrow();
        return new Heard(question, last.at("/apprentice/checkpoint").asInt(), streamed.text());
    }

    private static int promote(Calls calls, int number) {
        return calls.post("/v1/instances/swap/checkpoints/" + number + "/promote", "{}")
                .status();
    }
}
