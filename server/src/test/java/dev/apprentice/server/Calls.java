package dev.apprentice.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client that a test can read: what it sends and what comes back, nothing hidden. */
final class Calls {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    Calls(int port) {
        this.port = port;
    }

    /** What came back; the body is empty JSON where there was none. */
    record Reply(int status, JsonNode body, HttpHeaders headers) {
        String text(String pointer) {
            return body.at(pointer).asText();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    /** A streamed answer: the chunks, and whether it said that it was done. */
    record Streamed(List<JsonNode> chunks, boolean done) {
        String text() {
            var text = new StringBuilder();
            chunks.forEach(
                    chunk -> text.append(chunk.at("/choices/0/delta/content").asText("")));
            return text.toString();
        }

        JsonNode last() {
            return chunks.getLast();
        }
    }

    /** A request to chat with {@code model} about {@code text}, greedy and short. */
    static ObjectNode chat(String model, String text) {
        var body = Json.strict()
                .createObjectNode()
                .put("model", model)
                .put("temperature", 0)
                .put("max_tokens", 24);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }

    /** Feedback that {@code answer} would have been right. */
    static ObjectNode correction(String interaction, String answer) {
        return Json.strict()
                .createObjectNode()
                .put("interaction", interaction)
                .put("kind", "correction")
                .put("answer", answer);
    }

    /** Feedback that teaches {@code instance} without having asked. */
    static ObjectNode example(String instance, String question, String answer) {
        var body = Json.strict().createObjectNode().put("instance", instance).put("kind", "example");
        body.putArray("messages").addObject().put("role", "user").put("content", question);
        return body.put("answer", answer);
    }

    Reply ask(ObjectNode body) {
        return post("/v1/chat/completions", body.toString());
    }

    /** The text of a good answer. */
    String answer(ObjectNode body) {
        var reply = ask(body);
        if (reply.status() != 200) {
            throw new AssertionError("the answer was " + reply.status() + ": " + reply.body());
        }
        return reply.text("/choices/0/message/content");
    }

    Reply teach(ObjectNode body) {
        return post("/v1/feedback", body.toString());
    }

    /** Creates an instance that learns by recall alone, so that no study disturbs what a test looks at. */
    void create(String instance) {
        var reply = post("/v1/instances", "{\"id\":\"" + instance + "\",\"policy\":{\"min_lessons_to_study\":100000}}");
        if (reply.status() != 201) {
            throw new AssertionError("no instance: " + reply.body());
        }
    }

    Reply get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    Reply post(String path, String body, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    Reply patch(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(body)));
    }

    Reply delete(String path, String... headers) {
        return send(request(path, headers).DELETE());
    }

    Reply upload(String path, byte[] zip) {
        return postBytes(path, zip, "application/zip");
    }

    Reply postBytes(String path, byte[] body, String type, String... headers) {
        return send(request(path, headers).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)));
    }

    byte[] download(String path) {
        return exchange(request(path).GET(), BodyHandlers.ofByteArray()).body();
    }

    HttpResponse<String> raw(String path, String... headers) {
        return exchange(request(path, headers).GET(), BodyHandlers.ofString());
    }

    /** Asks for a stream and reads all of it. */
    Streamed stream(ObjectNode body) {
        return stream("/v1/chat/completions", body);
    }

    /** The same by another way. */
    Streamed stream(String path, ObjectNode body) {
        var chunks = new ArrayList<JsonNode>();
        var done = false;
        for (var line : lines(open(path, body))) {
            if (line.equals("data: [DONE]")) {
                done = true;
            } else if (line.startsWith("data: ")) {
                chunks.add(json(line.substring("data: ".length())));
            }
        }
        return new Streamed(chunks, done);
    }

    /** What is left of a stream, line by line. */
    static List<String> lines(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks for a stream whose bytes the caller reads, or leaves. */
    InputStream open(ObjectNode body) {
        return open("/v1/chat/completions", body);
    }

    private InputStream open(String path, ObjectNode body) {
        var request = request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        body.deepCopy().put("stream", true).toString()));
        return exchange(request, BodyHandlers.ofInputStream()).body();
    }

    /** The events of a stream whose events have names, which each repeats as its {@code type}. */
    List<JsonNode> events(String path, ObjectNode body) {
        var request = request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        body.deepCopy().put("stream", true).toString()));
        var events = new ArrayList<JsonNode>();
        var name = "";
        for (var line : lines(exchange(request, BodyHandlers.ofInputStream()).body())) {
            if (line.startsWith("event: ")) {
                name = line.substring("event: ".length());
            } else if (line.startsWith("data: ")) {
                var data = json(line.substring("data: ".length()));
                if (!name.equals(data.path("type").asText())) {
                    throw new AssertionError("the event " + name + " has the data " + data);
                }
                events.add(data);
            }
        }
        return events;
    }

    /** An event of {@code /v1/events}. */
    record Event(long id, String name, JsonNode data) {}

    /** Listens to events until it is closed. */
    BufferedReader listen(String path, String... headers) {
        var body = exchange(request(path, headers).GET(), BodyHandlers.ofInputStream())
                .body();
        return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** Reads on to the next event of {@code instance}. */
    static Event eventOf(BufferedReader events, String instance) throws IOException {
        var id = 0L;
        var name = "";
        while (true) {
            var line = events.readLine();
            if (line == null) {
                throw new AssertionError("the events ended");
            } else if (line.startsWith("id: ")) {
                id = Long.parseLong(line.substring("id: ".length()));
            } else if (line.startsWith("event: ")) {
                name = line.substring("event: ".length());
            } else if (line.startsWith("data: ")) {
                var data = json(line.substring("data: ".length()));
                if (data.at("/instance").asText().equals(instance)) {
                    return new Event(id, name, data);
                }
            }
        }
    }

    private HttpRequest.Builder request(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Reply send(HttpRequest.Builder request) {
        var response = exchange(request, BodyHandlers.ofString());
        var isJson = response.headers().firstValue("content-type").orElse("").contains("json");
        var body = isJson ? json(response.body()) : Json.strict().createObjectNode();
        return new Reply(response.statusCode(), body, response.headers());
    }

    private <T> HttpResponse<T> exchange(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return Json.strict().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
