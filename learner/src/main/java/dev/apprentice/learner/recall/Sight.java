package dev.apprentice.learner.recall;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import java.util.Arrays;
import java.util.List;

/** Sees requests as recall compares them: hidden states of the bare base over the prompt, and words. */
final class Sight {
    private final Base base;
    private final int[] layers;
    private final int tokensMax;

    Sight(Base base, RecallSettings settings) {
        this.base = base;
        layers = layers(settings.layers(), base.layers());
        tokensMax = settings.embedTokensMax();
    }

    /**
     * The layers that {@code shares} of a base's depth mean: 0 the embedding, {@code depth} the state after the norm.
     */
    static int[] layers(List<Double> shares, int depth) {
        return shares.stream()
                .mapToInt(share -> (int) Math.round(share * depth))
                .distinct()
                .toArray();
    }

    List<Integer> layers() {
        return Arrays.stream(layers).boxed().toList();
    }

    /**
     * The part of a prompt that is looked at: its end, where the question is. System messages are left out: what an
     * instance is always told would make all its requests look alike, and the general prompts not.
     */
    int[] prompt(List<ChatMessage> messages) {
        var said = messages.stream()
                .filter(message -> !Conversation.system(message))
                .toList();
        var prompt = base.prompt(said.isEmpty() ? messages : said);
        return prompt.length <= tokensMax
                ? prompt
                : Arrays.copyOfRange(prompt, prompt.length - tokensMax, prompt.length);
    }

    /** Hidden states, [layers, hidden], as the base has them. */
    float[][] states(int[] prompt) {
        return base.training().embed(prompt, layers);
    }
}
