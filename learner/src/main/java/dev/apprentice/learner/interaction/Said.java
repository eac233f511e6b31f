package dev.apprentice.learner.interaction;

import dev.apprentice.engine.batch.SampledToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer, as it is known after its end.
 *
 * @param interaction its interaction's id
 * @param choice which of the interaction's answers, 0 for the first
 * @param state how it ended
 * @param text what was said
 * @param tokens what was sampled
 * @param finish {@code stop}, {@code length} or {@code cancelled}, null if it failed
 * @param cachedTokens how many of the prompt's tokens came from a cache
 * @param fault code of what went wrong, null if nothing did
 */
public record Said(
        String interaction,
        int choice,
        AnswerState state,
        String text,
        List<SampledToken> tokens,
        @Nullable String finish,
        int cachedTokens,
        @Nullable String fault) {
    public Said {
        tokens = List.copyOf(tokens);
    }
}
