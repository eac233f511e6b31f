package dev.apprentice.server.telemetry;

import dev.apprentice.engine.sampling.SamplingParams;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a model, as far as telemetry tells of it.
 *
 * @param operation what the GenAI conventions call it
 * @param model who is asked
 * @param sampling how tokens are chosen
 * @param maxTokens how many tokens an answer may have, null where nobody says
 * @param choices how many answers are made
 * @param episode the task that it belongs to, or null
 * @param messages the conversation as the conventions write it, made only where content is captured
 */
public record Inference(
        Operation operation,
        String model,
        SamplingParams sampling,
        @Nullable Integer maxTokens,
        int choices,
        @Nullable String episode,
        Supplier<String> messages) {

    /** What can be asked for. */
    public enum Operation {
        CHAT("chat"),
        TEXT_COMPLETION("text_completion");

        private final String word;

        Operation(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
