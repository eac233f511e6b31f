package dev.apprentice.learner.value;

import dev.apprentice.engine.text.ChatMessage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that nobody has graded yet.
 *
 * @param interaction its id
 * @param choice which of the interaction's answers
 * @param checkpoint which version answered
 * @param messages the request; empty where the policy keeps no texts
 * @param answer what was said, or null where the policy keeps no texts
 * @param episode the task that it belongs to, or null
 * @param confidence as it was given out, or null
 * @param worth how much a grade of it would teach, 0 to 1: most where the head is undecided or its nets disagree
 * @param created when it was asked
 */
public record Look(
        String interaction,
        int choice,
        int checkpoint,
        List<ChatMessage> messages,
        @Nullable String answer,
        @Nullable String episode,
        @Nullable Double confidence,
        double worth,
        Instant created) {
    public Look {
        messages = List.copyOf(messages);
    }

    /** From what was given out: 1 at one half and for a wide spread, 0 for what is sure; one half where none was. */
    static double worth(@Nullable Double confidence, @Nullable Double cautious) {
        if (confidence == null || cautious == null) {
            return 0.5;
        }
        double open = 1 - Math.abs(2 * confidence - 1);
        return Math.clamp(open + (confidence - cautious), 0, 1);
    }
}
