package dev.apprentice.server.anthropic;

import dev.apprentice.server.asking.ToolCall;
import dev.apprentice.server.asking.Turns;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a conversation whose turns are strings or lists of content blocks. */
final class Blocks {
    private static final String STRING_OR_BLOCKS = "a string or a list of content blocks";

    private Blocks() {}

    /** Adds what {@code messages} of {@code body} say to {@code turns}. */
    static void read(Fields body, Turns turns) {
        var messages = body.objects("messages").orElseThrow(() -> body.missing("messages", "a list of messages"));
        if (messages.isEmpty()) {
            throw body.wrongValue(
                    "messages", "at least one message", body.value("messages").orElseThrow());
        }
        for (var message : messages) {
            switch (message.requiredChoice("role", Set.of("user", "assistant", "system"))) {
                case "user" -> user(message, turns);
                case "assistant" -> assistant(message, turns);
                default -> turns.say("system", text(message, "content"));
            }
        }
    }

    /** What tools gave back comes before what the user says beside it. */
    private static void user(Fields message, Turns turns) {
        var said = new ArrayList<String>();
        for (var block : blocks(message)) {
            if (block.requiredString("type").equals("tool_result")) {
                turns.result(block, "tool_use_id", result(block));
            } else {
                said.add(text(block));
            }
        }
        if (isString(message)) {
            turns.say("user", message.requiredString("content"));
        } else if (!said.isEmpty()) {
            turns.say("user", String.join("\n", said));
        }
    }

    private static void assistant(Fields message, Turns turns) {
        var said = new ArrayList<String>();
        var calls = new ArrayList<ToolCall>();
        for (var block : blocks(message)) {
            switch (block.requiredString("type")) {
                case "tool_use" -> calls.add(call(block));
                case "thinking", "redacted_thinking" -> {} // of another model; it is not part of what was said
                default -> said.add(text(block));
            }
        }
        if (isString(message)) {
            turns.say("assistant", message.requiredString("content"));
        } else if (!said.isEmpty()) {
            turns.say("assistant", String.join("\n", said));
        }
        calls.forEach(turns::call);
    }

    private static ToolCall call(Fields block) {
        if (block.object("input").isEmpty()) {
            throw block.missing("input", "an object");
        }
        return new ToolCall(
                block.requiredString("id"),
                block.requiredString("name"),
                block.value("input").orElseThrow().toString());
    }

    private static String result(Fields block) {
        var text = block.has("content") ? text(block, "content") : "";
        return block.bool("is_error").orElse(false) ? "Error: " + text : text;
    }

    /** The text of {@code field}: a string, or blocks that are all text, a line each. */
    static String text(Fields object, String field) {
        var content = object.value(field).orElseThrow(() -> object.missing(field, STRING_OR_BLOCKS));
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw Fields.wrongType(object.name(field), STRING_OR_BLOCKS, content);
        }
        return object.objects(field).orElseThrow().stream().map(Blocks::text).collect(Collectors.joining("\n"));
    }

    private static String text(Fields block) {
        if (!block.requiredString("type").equals("text")) {
            throw block.wrongValue(
                    "type",
                    "text, tool_use or tool_result: this model reads nothing but text",
                    block.value("type").orElseThrow());
        }
        return block.requiredString("text");
    }

    private static boolean isString(Fields message) {
        return message.value("content")
                .orElseThrow(() -> message.missing("content", STRING_OR_BLOCKS))
                .isTextual();
    }

    private static List<Fields> blocks(Fields message) {
        if (isString(message)) {
            return List.of();
        }
        var blocks = message.objects("content").orElseThrow();
        if (blocks.isEmpty()) {
            throw message.wrongValue(
                    "content",
                    "a string or at least one content block",
                    message.value("content").orElseThrow());
        }
        return blocks;
    }
}
