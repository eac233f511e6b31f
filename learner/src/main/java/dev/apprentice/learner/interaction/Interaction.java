package dev.apprentice.learner.interaction;

import dev.apprentice.engine.text.ChatMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What feedback may need to know of a request and one of its answers.
 *
 * @param id its id
 * @param instance who answered, null for the bare base
 * @param checkpoint which version answered
 * @param messages the conversation, as the client sent it; null where the texts are gone
 * @param tools the tools that might be called
 * @param learn whether feedback on it may teach
 * @param choices how many answers it has
 * @param guided whose words the answers are
 * @param said the whole answer of the choice, null where there is none or not yet
 * @param created when it came
 */
public record Interaction(
        String id,
        @Nullable String instance,
        int checkpoint,
        @Nullable List<ChatMessage> messages,
        List<Map<String, Object>> tools,
        boolean learn,
        int choices,
        Guided guided,
        @Nullable String said,
        Instant created) {}
