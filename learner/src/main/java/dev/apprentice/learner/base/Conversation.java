package dev.apprentice.learner.base;

import dev.apprentice.engine.text.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the messages of a request, an instance's own system prompt and recalled examples become one conversation. */
public final class Conversation {
    private Conversation() {}

    /** {@code messages} under {@code systemPrompt} where they bring no system message of their own. */
    public static List<ChatMessage> under(@Nullable String systemPrompt, List<ChatMessage> messages) {
        if (systemPrompt == null || (!messages.isEmpty() && system(messages.getFirst()))) {
            return messages;
        }
        var all = new ArrayList<ChatMessage>();
        all.add(ChatMessage.of("system", systemPrompt));
        all.addAll(messages);
        return List.copyOf(all);
    }

    /** {@code examples} before {@code messages}, but after their system message. */
    public static List<ChatMessage> with(List<ChatMessage> examples, List<ChatMessage> messages) {
        int start = 0;
        while (start < messages.size() && system(messages.get(start))) {
            start++;
        }
        var all = new ArrayList<>(messages);
        all.addAll(start, examples);
        return List.copyOf(all);
    }

    /** Whether a message is the operator's word, by either name of that role. */
    public static boolean system(ChatMessage message) {
        return message.role().equals("system") || message.role().equals("developer");
    }
}
