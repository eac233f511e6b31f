package dev.apprentice.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** How an error's body looks: each API has its own form, and clients parse it. */
public enum ErrorShape {
    /** {@code {"error":{"message","type","param","code"}}}, as OpenAI's clients expect it. */
    OPENAI("application/json") {
        @Override
        ObjectNode body(Refusal refusal, String requestId) {
            var body = Wire.object();
            body.putObject("error")
                    .put("message", refusal.message())
                    .put("type", openAiType(refusal.status()))
                    .put("param", refusal.field())
                    .put("code", refusal.code());
            return body;
        }
    },

    /** {@code {"type":"error","error":{"type","message"}}}, as Anthropic's clients expect it. */
    ANTHROPIC("application/json") {
        @Override
        ObjectNode body(Refusal refusal, String requestId) {
            var body = Wire.object().put("type", "error");
            body.putObject("error").put("type", anthropicType(refusal.status())).put("message", refusal.message());
            return body.put("request_id", requestId);
        }
    },

    /** A problem document (RFC 9457). */
    PROBLEM("application/problem+json") {
        @Override
        ObjectNode body(Refusal refusal, String requestId) {
            var body = Wire.object()
                    .put("type", "about:blank") // RFC 9457 §4.2.1: then the title is the status's own phrase
                    .put(
                            "title",
                            io.helidon.http.Status.create(refusal.status()).reasonPhrase())
                    .put("status", refusal.status())
                    .put("detail", refusal.message())
                    .put("code", refusal.code());
            putIfPresent(body, "field", refusal.field());
            putIfPresent(body, "expected", refusal.expected());
            putIfPresent(body, "found", refusal.found());
            return body.put("request_id", requestId);
        }
    };

    private final String contentType;

    ErrorShape(String contentType) {
        this.contentType = contentType;
    }

    /** The shape that the API at {@code path} uses. */
    public static ErrorShape at(String path) {
        if (path.startsWith("/v1/messages")) {
            return ANTHROPIC;
        }
        return path.equals("/v1/models")
                        || path.startsWith("/v1/models/")
                        || path.startsWith("/v1/chat/")
                        || path.equals("/v1/completions")
                        || path.startsWith("/v1/responses")
                        || path.equals("/v1/embeddings")
                ? OPENAI
                : PROBLEM;
    }

    /** The error's body. */
    abstract ObjectNode body(Refusal refusal, String requestId);

    /** The body's media type. */
    String contentType() {
        return contentType;
    }

    private static void putIfPresent(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static String openAiType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    private static String anthropicType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }
}
