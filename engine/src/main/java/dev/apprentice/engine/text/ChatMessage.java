package dev.apprentice.engine.text;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation.
 *
 * @param role system, developer, user, assistant or tool
 * @param content its text, perhaps empty
 * @param name who speaks, where the client says so
 * @param toolCalls what an assistant's message calls, as OpenAI's JSON
 * @param toolCallId which call a tool's message answers
 */
@NullMarked
public record ChatMessage(
        String role,
        String content,
        @Nullable String name,
        List<Map<String, Object>> toolCalls,
        @Nullable String toolCallId) {
    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    /** A message that is nothing but text. */
    public static ChatMessage of(String role, String content) {
        return new ChatMessage(role, content, null, List.of(), null);
    }
}
