package dev.apprentice.engine.text;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation.
 *
 * @param role system, developer (which acts as system), user, assistant or tool
 * @param content the text, its parts joined; empty where there is none, as in an assistant's turn of tool calls alone
 * @param name who speaks, where a template wants to know
 * @param toolCalls what an assistant's turn calls, as OpenAI's JSON
 * @param toolCallId which call a tool's turn answers
 */
public record ChatMessage(
        String role,
        String content,
        @Nullable String name,
        List<Map<String, Object>> toolCalls,
        @Nullable String toolCallId) {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");

    /** Refuses a role that is none. */
    public ChatMessage {
        if (!ROLES.contains(role)) {
            throw new InvalidRequestException(
                    "invalid_role",
                    "a message has the role '" + role + "'",
                    Fault.of("messages.role", "system, developer, user, assistant or tool", role));
        }
        toolCalls = List.copyOf(toolCalls);
    }

    /** A turn of text alone. */
    public static ChatMessage of(String role, String content) {
        return new ChatMessage(role, content, null, List.of(), null);
    }

    boolean isPlainAssistant() {
        return role.equals("assistant") && toolCalls.isEmpty();
    }

    ChatMessage withContent(String text) {
        return new ChatMessage(role, text, name, toolCalls, toolCallId);
    }

    /** What a template sees; absent parts are absent, so that {@code is defined} says so. */
    Map<String, Object> view() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("role", role.equals("developer") ? "system" : role);
        view.put("content", content);
        if (name != null) {
            view.put("name", name);
        }
        if (!toolCalls.isEmpty()) {
            view.put("tool_calls", toolCalls.stream().map(ToolCallView::of).toList());
        }
        if (toolCallId != null) {
            view.put("tool_call_id", toolCallId);
        }
        return Collections.unmodifiableMap(view);
    }
}
