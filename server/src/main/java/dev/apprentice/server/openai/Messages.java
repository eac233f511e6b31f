package dev.apprentice.server.openai;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads OpenAI's messages; feedback's examples are written in the same form. */
public final class Messages {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");

    private Messages() {}

    /** The conversation in {@code messages}, which must hold at least one. */
    public static List<ChatMessage> in(Fields body) {
        var messages = body.objects("messages").orElseThrow(() -> body.missing("messages", "a list of messages"));
        if (messages.isEmpty()) {
            throw new InvalidRequestException(
                    "invalid_value",
                    body.name("messages") + " must hold at least one message",
                    Fault.of(body.name("messages"), "at least one message", "none"));
        }
        return messages.stream().map(Messages::message).toList();
    }

    /** The text of {@code content}: a string, or parts that are all text and are joined in order. */
    public static String text(Fields message) {
        var content =
                message.value("content").orElseThrow(() -> message.missing("content", "a string or a list of parts"));
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw Fields.wrongType(message.name("content"), "a string or a list of parts", content);
        }
        var parts = message.objects("content").orElseThrow();
        if (parts.isEmpty()) {
            throw message.wrongValue("content", "a string or a list of at least one part", content);
        }
        var text = new StringBuilder();
        parts.forEach(part -> text.append(partText(part)));
        return text.toString();
    }

    /** The calls in {@code tool_calls}, as they are. */
    private static List<Map<String, Object>> toolCalls(Fields message) {
        var calls = new ArrayList<Map<String, Object>>();
        for (var call : message.objects("tool_calls").orElse(List.of())) {
            call.requiredString("id");
            var function = call.object("function").orElseThrow(() -> call.missing("function", "an object"));
            function.requiredString("name");
            if (!function.has("arguments")) {
                throw function.missing("arguments", "a string that holds JSON");
            }
            calls.add(call.toMap());
        }
        return calls;
    }

    private static ChatMessage message(Fields message) {
        var role = message.requiredChoice("role", ROLES);
        var calls = toolCalls(message);
        if (!calls.isEmpty() && !role.equals("assistant")) {
            throw message.wrongValue(
                    "role",
                    "assistant where there are tool_calls",
                    message.value("role").orElseThrow());
        }
        // clients send a turn of calls back with its content null or left out, and its list of calls empty
        var silent = role.equals("assistant")
                && !message.has("content")
                && (message.names().contains("tool_calls") || message.has("refusal"));
        return new ChatMessage(
                role,
                silent ? "" : text(message),
                message.string("name").orElse(null),
                calls,
                message.string("tool_call_id").orElse(null));
    }

    private static String partText(Fields part) {
        var type = part.requiredString("type");
        return switch (type) {
            case "text" -> part.requiredString("text");
            case "refusal" -> part.requiredString("refusal");
            default ->
                throw part.wrongValue(
                        "type",
                        "text: this model reads nothing else",
                        part.value("type").orElseThrow());
        };
    }
}
