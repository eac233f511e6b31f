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
 * @param scored the prompt's tokens from the second on, each as if it had been answered; empty unless asked for
 * @param trace what the network saw while it answered; null unless asked for
 */
public record Completion(
        String text,
        List<SampledToken> tokens,
        FinishReason finish,
        @Nullable String stopString,
        int promptTokens,
        int cachedTokens,
        List<SampledToken> scored,
        @Nullable Trace trace) {
    public Completion {
        tokens = List.copyOf(tokens);
        scored = List.copyOf(scored);
    }

    /** An answer that no stop string ended, to a prompt that was not scored. */
    public Completion(String text, List<SampledToken> tokens, FinishReason finish, int promptTokens, int cachedTokens) {
        this(text, tokens, finish, null, promptTokens, cachedTokens, List.of(), null);
    }
}
