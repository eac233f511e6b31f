package dev.apprentice.learner.interaction;

import dev.apprentice.engine.text.ChatMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request, as it is known before its first token.
 *
 * @param id the interaction's id
 * @param instance who answers, null for the bare base
 * @param checkpoint which version answers, 0 for the bare base
 * @param adapter digest of the adapter that answers, null for none
 * @param messages the conversation, as the client sent it
 * @param tools the tools that might be called
 * @param episode the task that it belongs to, or null
 * @param learn whether feedback on it may teach
 * @param keepTexts whether the texts may be stored; otherwise they live an hour in memory
 * @param choices how many answers are given
 * @param bestOf of how many each is the best
 * @param recalled ids of the lessons that act on the answers
 * @param guided whose words the answers will be
 * @param familiar whether the instance knows something of the request
 * @param promptTokens how many tokens the prompt has
 * @param created when it came
 */
public record Asked(
        String id,
        @Nullable String instance,
        int checkpoint,
        @Nullable String adapter,
        List<ChatMessage> messages,
        List<Map<String, Object>> tools,
        @Nullable String episode,
        boolean learn,
        boolean keepTexts,
        int choices,
        int bestOf,
        List<String> recalled,
        Guided guided,
        boolean familiar,
        int promptTokens,
        Instant created) {
    public Asked {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        recalled = List.copyOf(recalled);
    }
}
