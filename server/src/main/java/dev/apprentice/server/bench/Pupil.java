package dev.apprentice.server.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.Json;
import dev.apprentice.server.http.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An instance that is measured on; whatever has to be done before the clock runs is done here. */
final class Pupil implements AutoCloseable {
    private static final int LESSONS = 4;
    private static final int MANY = 1_000_000_000;
    private static final int LOOKS = 400;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final String name;

    private Pupil(int port, String name) {
        server = URI.create("http://127.0.0.1:" + port);
        this.name = name;
    }

    /** A fresh instance that never studies. */
    static Pupil create(int port, String name) throws IOException, InterruptedException {
        var pupil = new Pupil(port, name);
        var body = Wire.object().put("id", name).put("description", "made by a benchmark");
        body.putObject("policy").put("min_lessons_to_study", MANY);
        pupil.call("POST", "/v1/instances", Wire.bytes(body));
        return pupil;
    }

    String name() {
        return name;
    }

    /** Teaches it a little, so that recall has something to look through for every question. */
    void teach() throws IOException, InterruptedException {
        for (int i = 0; i < LESSONS; i++) {
            call("POST", "/v1/feedback", Feedbacks.example(name, "lesson " + i));
        }
        for (int look = 0; look < LOOKS; look++) {
            if (call("GET", "/v1/lessons?state=recorded&instance=" + name, new byte[0])
                    .path("data")
                    .isEmpty()) {
                rest();
                return;
            }
            var _ = new CountDownLatch(1).await(Duration.ofMillis(50).toMillis(), TimeUnit.MILLISECONDS);
        }
        throw new IOException("the lessons were not indexed");
    }

    /** Nothing is learnt from here on. */
    void rest() throws IOException, InterruptedException {
        call("POST", "/v1/instances/" + name + "/freeze", new byte[0]);
    }

    /** It is gone, and its lessons with it. */
    void drop() throws IOException, InterruptedException {
        call("DELETE", "/v1/instances/" + name, new byte[0]);
    }

    /** The id of a fresh answer. */
    String ask() throws IOException, InterruptedException {
        return call("POST", "/v1/chat/completions", Questions.chat(name, false, 16))
                .path("id")
                .textValue();
    }

    private JsonNode call(String method, String path, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(body))
                .build();
        var response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(
                    method + " " + path + " was answered with " + response.statusCode() + ": " + response.body());
        }
        return response.body().isEmpty() ? Wire.object() : Json.strict().readTree(response.body());
    }

    @Override
    public void close() {
        http.close();
    }
}
