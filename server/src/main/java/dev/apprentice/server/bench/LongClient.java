package dev.apprentice.server.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.server.http.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** What a long run asks of a server, over HTTP. Thread-safe. */
final class LongClient {
    private static final String JSON = "application/json";
    private static final int OK_FROM = 200;
    private static final int OK_TO = 299;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String server;

    LongClient(int port) {
        server = "http://127.0.0.1:" + port;
    }

    private static ObjectNode chat(String model, String text, int tokens) {
        var body = Wire.object()
                .put("model", model)
                .put("max_tokens", tokens)
                .put("ignore_eos", true)
                .put("stream", true);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }

    /** Reads a whole streamed answer. */
    void stream(String model, String text, int tokens) throws IOException, InterruptedException {
        var answer = send("/v1/chat/completions", JSON, Wire.bytes(chat(model, text, tokens)), BodyHandlers.ofLines());
        try (var lines = answer.body()) {
            var last = lines.filter(line -> line.startsWith("data: ")).reduce("", (_, line) -> line);
            if (answer.statusCode() != OK_FROM || !last.equals("data: [DONE]")) {
                throw new IOException("an answer was not whole: " + answer.statusCode() + " " + last);
            }
        }
    }

    /** Reads some lines of a streamed answer and goes. */
    void leave(String model, String text, int tokens, int lines) throws IOException, InterruptedException {
        var answer =
                send("/v1/chat/completions", JSON, Wire.bytes(chat(model, text, tokens)), BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            for (int seen = 0; seen < lines; ) {
                int read = body.read();
                if (read < 0) {
                    throw new IOException("an answer ended before its client left");
                }
                seen += read == '\n' ? 1 : 0;
            }
        }
    }

    /** Sends what has to be refused. */
    void refused(String path, byte[] body, int status) throws IOException, InterruptedException {
        int found = send(path, JSON, body, BodyHandlers.discarding()).statusCode();
        if (found != status) {
            throw new IOException(path + " answered " + found + " where it should refuse by " + status);
        }
    }

    /** Sends what has to be taken. */
    void taken(String path, String type, byte[] body) throws IOException, InterruptedException {
        var reply = send(path, type, body, BodyHandlers.ofString());
        if (reply.statusCode() < OK_FROM || reply.statusCode() > OK_TO) {
            throw new IOException(path + " answered " + reply.statusCode() + ": " + reply.body());
        }
    }

    /** The same in JSON. */
    void taken(String path, byte[] body) throws IOException, InterruptedException {
        taken(path, JSON, body);
    }

    private <T> HttpResponse<T> send(String path, String type, byte[] body, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(server + path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, handler);
    }
}
