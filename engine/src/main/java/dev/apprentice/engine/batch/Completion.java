package dev.apprentice.engine.batch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer.
 *
 * @param text the deltas' texts joined
 * @param tokens what was sampled, without the end-of-turn token that ended it
 * @param finish how it ended
 * @param stopString which of the stop strings ended it, or null
 * @param promptTokens how many tokens the prompt had
 * @param cachedTokens how many of them were taken from a cache
 */
public record Completion(
        String text,
        List<SampledToken> tokens,
        FinishReason finish,
        @Nullable String stopString,
        int promptTokens,
        int cachedTokens) {
    public Completion {
        tokens = List.copyOf(tokens);
    }

    /** An answer that no stop string ended. */
    public Completion(String text, List<SampledToken> tokens, FinishReason finish, int promptTokens, int cachedTokens) {
        this(text, tokens, finish, null, promptTokens, cachedTokens);
    }
}
