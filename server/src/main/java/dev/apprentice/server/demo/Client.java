package dev.apprentice.server.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.server.http.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Just as much of a client as the demonstration needs. Thread-safe. */
final class Client implements AutoCloseable {
    private final URI server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Client(URI server) {
        this.server = server;
    }

    /** Which parts of an instance may speak in an answer. */
    enum Speaks {
        /** Recall alone: what it remembers, without learnt weights. */
        RECALL,
        /** Learnt weights alone. */
        WEIGHTS,
        /** Both, as served. */
        BOTH
    }

    /** An answer with the id that feedback names. */
    record Said(String id, String text) {}

    void create(String instance, String match) throws InterruptedException {
        var body = Wire.object().put("id", instance).put("description", "made by the demonstration");
        body.putObject("policy").put("match", match);
        call("POST", "/v1/instances", body);
    }

    Said ask(String model, String question, Speaks speaks) throws InterruptedException {
        var body = Wire.object().put("model", model).put("temperature", 0).put("max_tokens", 24);
        body.putArray("messages").addObject().put("role", "user").put("content", question);
        body.putObject("apprentice")
                .put("recall", speaks != Speaks.WEIGHTS)
                .put("adapter", speaks == Speaks.RECALL ? "never" : "auto");
        var answer = call("POST", "/v1/chat/completions", body);
        return new Said(
                answer.path("id").asText(),
                answer.path("choices").path(0).path("message").path("content").asText());
    }

    void correct(String interaction, String answer) throws InterruptedException {
        call(
                "POST",
                "/v1/feedback",
                Wire.object()
                        .put("interaction", interaction)
                        .put("kind", "correction")
                        .put("answer", answer));
    }

    void study(String instance) throws InterruptedException {
        call("POST", "/v1/instances/" + instance + "/study", Wire.object());
    }

    /** How many of the instance's lessons are in this state. */
    int lessons(String instance, String state) throws InterruptedException {
        return call("GET", "/v1/lessons?limit=100&instance=" + instance + "&state=" + state, null)
                .path("data")
                .size();
    }

    int liveCheckpoint(String instance) throws InterruptedException {
        return call("GET", "/v1/instances/" + instance, null)
                .path("live_checkpoint")
                .asInt();
    }

    private JsonNode call(String method, String path, @org.jspecify.annotations.Nullable ObjectNode body)
            throws InterruptedException {
        var request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(Duration.ofMinutes(5))
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(Wire.bytes(body)))
                .build();
        try {
            var response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new FailedException(
                        "demo_refused",
                        method + " " + path + " answered " + response.statusCode() + ": " + response.body(),
                        Fault.NONE);
            }
            return response.body().isEmpty() ? Wire.object() : Json.strict().readTree(response.body());
        } catch (IOException e) {
            throw new UnavailableException(
                    "server_unreachable", "no answer from " + server + ": " + e.getMessage(), Fault.NONE, e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
