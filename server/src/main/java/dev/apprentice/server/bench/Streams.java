package dev.apprentice.server.bench;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.sampling.SamplingParams;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Answers of one engine, asked for without a server between. Used by one thread. */
final class Streams {
    private static final String TENANT = "bench";
    private static final int ORDINARY_FROM = 100;
    private static final int ORDINARY_TO = 40_000;
    private static final double NANOS = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Engine engine;
    private final RandomGenerator random;

    Streams(Engine engine, RandomGenerator random) {
        this.engine = engine;
        this.random = random;
    }

    /** Token ids that nobody has asked before, so that nothing is known of them. */
    int[] prompt(int tokens) {
        return random.ints(tokens, ORDINARY_FROM, ORDINARY_TO).toArray();
    }

    /** Milliseconds until the first token of an answer to {@code prompt}, whose beginning may be known. */
    double first(int[] prompt) throws InterruptedException {
        long asked = System.nanoTime();
        var request = GenerationRequest.of(prompt, SamplingParams.exactly(1)).sharedWithin(TENANT);
        try (var answer = engine.submit(request)) {
            answer.await();
            return (System.nanoTime() - asked) / NANOS_PER_MILLI;
        }
    }

    /**
     * Tokens per second of some answers together, from when all have begun until the first of them ends.
     *
     * @param adapters who answers, null being the bare base; each of these is one stream
     */
    double decode(List<@Nullable AdapterRef> adapters, int promptTokens, int tokens) throws InterruptedException {
        var requests = new ArrayList<GenerationRequest>();
        for (var adapter : adapters) {
            requests.add(GenerationRequest.of(prompt(promptTokens), SamplingParams.exactly(tokens))
                    .by(adapter));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = requests.stream()
                    .map(request -> threads.submit(() -> times(request)))
                    .toList();
            var times = new ArrayList<long[]>();
            for (var one : running) {
                times.add(one.get());
            }
            long from = times.stream().mapToLong(all -> all[0]).max().orElseThrow();
            long to = times.stream().mapToLong(all -> all[all.length - 1]).min().orElseThrow();
            long made = times.stream()
                    .flatMapToLong(java.util.Arrays::stream)
                    .filter(time -> time > from && time <= to)
                    .count();
            return made / ((to - from) / NANOS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer failed", e.getCause());
        }
    }

    /** When each token of an answer came. */
    private long[] times(GenerationRequest request) throws InterruptedException {
        var times = new ArrayList<Long>();
        try (var answer = engine.submit(request)) {
            while (true) {
                switch (answer.next()) {
                    case GenerationEvent.Scored _ -> throw new AssertionError("no scores were asked for");
                    case GenerationEvent.Delta delta -> {
                        long now = System.nanoTime();
                        delta.tokens().forEach(_ -> times.add(now));
                    }
                    case GenerationEvent.Finished _ -> {
                        return times.stream().mapToLong(Long::longValue).toArray();
                    }
                    case GenerationEvent.Failed failed -> throw failed.error();
                }
            }
        }
    }
}
