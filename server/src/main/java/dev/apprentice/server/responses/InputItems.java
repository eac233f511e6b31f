package dev.apprentice.server.responses;

import dev.apprentice.server.asking.ToolCall;
import dev.apprentice.server.asking.Turns;
import dev.apprentice.server.http.Fields;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the items of a conversation, those that a response put out before too. */
final class InputItems {
    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");

    private InputItems() {}

    /** Adds what {@code input} of {@code body} says to {@code turns}: a string is a user's turn. */
    static void read(Fields body, Turns turns) {
        var input = body.value("input").orElseThrow(() -> body.missing("input", "a string or a list of items"));
        if (input.isTextual()) {
            turns.say("user", input.textValue());
        } else if (input.isArray()) {
            read(body.objects("input").orElseThrow(), turns);
        } else {
            throw Fields.wrongType(body.name("input"), "a string or a list of items", input);
        }
    }

    /** Adds what {@code items} say to {@code turns}. */
    static void read(List<Fields> items, Turns turns) {
        for (var item : items) {
            read(item, item.string("type").orElse(item.has("role") ? "message" : "item_reference"), turns);
        }
    }

    private static void read(Fields item, String type, Turns turns) {
        switch (type) {
            case "message" -> turns.say(item.requiredChoice("role", ROLES), text(item, "content"));
            case "function_call" ->
                turns.call(new ToolCall(
                        item.requiredString("call_id"), item.requiredString("name"), item.requiredString("arguments")));
            case "function_call_output" -> turns.result(item, "call_id", text(item, "output"));
            case "reasoning" -> {} // from another model's response; ours has none
            case "item_reference" ->
                throw item.wrongValue(
                        item.has("type") ? "type" : "id",
                        "an item itself: items are not kept by their ids; send it again, or previous_response_id",
                        item.value(item.has("type") ? "type" : "id")
                                .orElseThrow(() -> item.missing("type", "message or another type of item")));
            default ->
                throw item.wrongValue(
                        "type",
                        "one of message, function_call, function_call_output: there are no built-in tools here",
                        item.value("type").orElseThrow());
        }
    }

    /** A string, or parts that are all text and are joined in order. */
    private static String text(Fields item, String field) {
        var content = item.value(field).orElseThrow(() -> item.missing(field, "a string or a list of parts"));
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw Fields.wrongType(item.name(field), "a string or a list of parts", content);
        }
        return item.objects(field).orElseThrow().stream()
                .map(InputItems::partText)
                .collect(Collectors.joining());
    }

    private static String partText(Fields part) {
        return switch (part.requiredString("type")) {
            case "input_text", "output_text" -> part.requiredString("text");
            case "refusal" -> part.requiredString("refusal");
            default ->
                throw part.wrongValue(
                        "type",
                        "input_text or output_text: this model reads nothing but text",
                        part.value("type").orElseThrow());
        };
    }
}
