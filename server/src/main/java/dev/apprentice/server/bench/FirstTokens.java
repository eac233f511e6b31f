package dev.apprentice.server.bench;

import dev.apprentice.server.http.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Clients that stream over HTTP, each asking again when it has been answered. */
final class FirstTokens {
    private static final int TOKENS = 32;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger asked = new AtomicInteger();
    private final URI server;
    private final String model;

    FirstTokens(int port, String model) {
        server = URI.create("http://127.0.0.1:" + port + "/v1/chat/completions");
        this.model = model;
    }

    /** How long {@code clients} wait for the first token of their answers, over {@code window}. */
    Latencies wait(int clients, Duration window) throws IOException, InterruptedException {
        long end = System.nanoTime() + window.toNanos();
        var all = new Latencies();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = IntStream.range(0, clients)
                    .mapToObj(_ -> threads.submit(() -> {
                        do {
                            long waited = ask();
                            synchronized (all) {
                                all.add(waited);
                            }
                        } while (System.nanoTime() < end);
                        return true;
                    }))
                    .toList();
            for (var client : running) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a client was not answered", e.getCause());
        }
        return all;
    }

    private long ask() throws IOException, InterruptedException {
        var body = Wire.object()
                .put("model", model)
                .put("temperature", 0)
                .put("max_tokens", TOKENS)
                .put("ignore_eos", true)
                .put("stream", true);
        body.putArray("messages")
                .addObject()
                .put("role", "user")
                .put(
                        "content",
                        "Case " + asked.incrementAndGet() + ": which desk takes care of a form without a date?");
        var request = HttpRequest.newBuilder(server)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Wire.bytes(body)))
                .build();
        long began = System.nanoTime();
        long first = 0;
        try (var lines = http.send(request, BodyHandlers.ofLines()).body()) {
            for (var line : (Iterable<String>) lines::iterator) {
                if (first == 0 && line.contains("\"content\":\"") && !line.contains("\"content\":\"\"")) {
                    first = System.nanoTime() - began;
                }
            }
        }
        if (first == 0) {
            throw new IOException("an answer without a token");
        }
        return first;
    }
}
