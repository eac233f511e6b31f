package dev.apprentice.engine.batch;

import java.util.List;

/**
 * A whole answer.
 *
 * @param text the deltas' texts joined
 * @param tokens what was sampled, without the end-of-turn token that ended it
 * @param finish how it ended
 * @param promptTokens how many tokens the prompt had
 * @param cachedTokens how many of them were taken from a cache
 */
public record Completion(
        String text, List<SampledToken> tokens, FinishReason finish, int promptTokens, int cachedTokens) {
    public Completion {
        tokens = List.copyOf(tokens);
    }
}
