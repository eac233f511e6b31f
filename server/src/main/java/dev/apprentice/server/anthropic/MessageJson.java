package dev.apprentice.server.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.Wire;
import org.jspecify.annotations.Nullable;

/** One message as Anthropic's clients read it; every field that they require is there. */
final class MessageJson {
    private final Told told;

    MessageJson(Told told) {
        this.told = told;
    }

    /** The message before its first word: how much of the prompt a cache has is known at its end. */
    ObjectNode begun() {
        var json = message(Wire.object().arrayNode(), null, null);
        json.set("usage", usage(told.promptTokens(), 0, 0));
        return json;
    }

    /** The whole message. */
    ObjectNode whole(ToldEvent.Ended ended, ArrayNode content) {
        var json = message(content, stopReason(ended), ended.stopString());
        json.set("usage", usage(ended.completion()));
        json.set("apprentice", Wire.value(told.provenance()));
        return json;
    }

    /** What a stream says at the end beyond what it has said. */
    ObjectNode end(ToldEvent.Ended ended) {
        var json = Wire.object().put("type", "message_delta");
        json.putObject("delta")
                .putNull("container")
                .putNull("stop_details")
                .put("stop_reason", stopReason(ended))
                .put("stop_sequence", ended.stopString());
        json.set("usage", usage(ended.completion()));
        json.set("apprentice", Wire.value(told.provenance()));
        return json;
    }

    /** A block of text. */
    static ObjectNode text(String text) {
        return Wire.object().put("type", "text").put("text", text).putNull("citations");
    }

    /** A block that calls a tool. */
    static ObjectNode call(String id, String name, JsonNode input) {
        var json = Wire.object().put("type", "tool_use").put("id", id).put("name", name);
        json.set("input", input);
        json.putObject("caller").put("type", "direct");
        return json;
    }

    /** Arguments as the object that they must be; what a model wrote that is none is the value of {@code arguments}. */
    static JsonNode input(String arguments) {
        try {
            var input = Json.strict().readTree(arguments);
            if (input.isObject()) {
                return input;
            }
        } catch (JsonProcessingException e) {
            System.getLogger(MessageJson.class.getName())
                    .log(System.Logger.Level.DEBUG, "event=bad_arguments reason=" + e.getOriginalMessage());
        }
        return Wire.object().put("arguments", arguments);
    }

    private ObjectNode message(ArrayNode content, @Nullable String stopReason, @Nullable String stopSequence) {
        var json = Wire.object()
                .put("id", told.id())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", told.model());
        json.set("content", content);
        return json.put("stop_reason", stopReason)
                .put("stop_sequence", stopSequence)
                .putNull("stop_details")
                .putNull("container");
    }

    private static String stopReason(ToldEvent.Ended ended) {
        return switch (ended.ending()) {
            case STOP -> ended.stopString() == null ? "end_turn" : "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
        };
    }

    private static ObjectNode usage(Completion completion) {
        var cached = completion.cachedTokens();
        return usage(
                completion.promptTokens() - cached, cached, completion.tokens().size());
    }

    /** Anthropic counts the prompt in parts: what was read anew, and what came from a cache. */
    private static ObjectNode usage(int input, int cached, int output) {
        return Wire.object()
                .put("input_tokens", input)
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", cached)
                .put("output_tokens", output)
                .putNull("server_tool_use");
    }
}
