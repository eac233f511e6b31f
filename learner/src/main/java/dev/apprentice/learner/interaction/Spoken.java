package dev.apprentice.learner.interaction;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer with all that a study needs of it.
 *
 * @param interaction its interaction's id
 * @param choice which of the interaction's answers
 * @param messages the request, as the client sent it
 * @param tools what might be called, as OpenAI's JSON
 * @param text what was said
 * @param tokens what was sampled, without the end of the turn; empty where that is not known
 * @param logprob log-probability of all these tokens by the weights that answered, null where it is not known
 * @param guided whose words it is
 * @param ended whether it came to its natural end and was not cut
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record Spoken(
        String interaction,
        int choice,
        List<ChatMessage> messages,
        List<Map<String, Object>> tools,
        String text,
        int[] tokens,
        @Nullable Double logprob,
        Guided guided,
        boolean ended) {
    public Spoken {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }
}
