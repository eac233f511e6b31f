package dev.apprentice.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.error.Refusal;
import dev.apprentice.client.value.Wire;
import java.net.http.HttpHeaders;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Reads errors in any of the shapes that the contract has: OpenAI's, Anthropic's, problem documents (RFC 9457). */
final class Refusals {
    private final InstantSource clock;

    Refusals(InstantSource clock) {
        this.clock = clock;
    }

    /** What the server says with {@code status}; a body that nobody can read leaves the status to speak. */
    Refusal read(int status, HttpHeaders headers, byte[] body) {
        var refusal = Refusal.builder(status);
        headers.firstValue("x-request-id").ifPresent(refusal::requestId);
        headers.firstValue("retry-after").ifPresent(value -> refusal.retryAfter(RetryAfter.read(value, clock)));
        headers.firstValue("x-should-retry").ifPresent(value -> refusal.shouldRetry(Boolean.parseBoolean(value)));
        try {
            fill(refusal, Wire.read(body));
        } catch (ProtocolException e) {
            refusal.message("the server answered with status " + status + " and a body that is no JSON");
        }
        return refusal.build();
    }

    /** The error that a stream tells after its status has been sent. */
    Refusal inStream(ObjectNode error) {
        int status = switch (error.path("error").path("type").asText("")) {
            case "invalid_request_error" -> 400;
            case "authentication_error" -> 401;
            case "permission_error" -> 403;
            case "rate_limit_error" -> 429;
            default -> 500;
        };
        var refusal = Refusal.builder(status).afterBeginning(true);
        fill(refusal, error);
        return refusal.build();
    }

    private static void fill(Refusal.Builder refusal, ObjectNode body) {
        var inner = body.path("error");
        var error = inner.isObject() ? inner : body;
        set(error, "type", inner.isObject() ? refusal::code : type -> {}); // Anthropic's has no code
        set(error, "code", refusal::code);
        set(error, "title", refusal::message);
        set(error, "detail", refusal::message);
        set(error, "message", refusal::message);
        set(error, "param", refusal::field);
        set(error, "field", refusal::field);
        set(error, "expected", refusal::expected);
        set(error, "found", refusal::found);
        set(body, "request_id", refusal::requestId);
    }

    private static void set(JsonNode error, String name, Consumer<String> to) {
        var value = error.path(name);
        if (value.isTextual()) {
            to.accept(value.textValue());
        }
    }
}
