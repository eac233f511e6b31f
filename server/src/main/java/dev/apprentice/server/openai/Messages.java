package dev.apprentice.server.openai;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

    /** A right answer as the assistant's message: text, calls of tools, or both. A call may lack its id. */
    public static ChatMessage reply(Fields message) {
        if (message.has("role")) {
            message.requiredChoice("role", Set.of("assistant"));
        }
        var calls = new ArrayList<Map<String, Object>>();
        for (var call : message.objects("tool_calls").orElse(List.of())) {
            if (call.has("type")) {
                call.requiredChoice("type", Set.of("function"));
            }
            var function = call.object("function").orElseThrow(() -> call.missing("function", "an object"));
            var called = new LinkedHashMap<String, Object>(); // a template may write it as it stands, name first
            called.put("name", function.requiredString("name"));
            called.put("arguments", function.requiredString("arguments"));
            var kept = new LinkedHashMap<String, Object>();
            kept.put("id", call.string("id").orElse("call_" + (calls.size() + 1)));
            kept.put("type", "function");
            kept.put("function", called);
            calls.add(kept);
        }
        var silent = !calls.isEmpty() && !message.has("content");
        return new ChatMessage("assistant", silent ? "" : text(message), null, calls, null);
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
