package dev.apprentice.engine.model;

import org.jspecify.annotations.Nullable;

/**
 * The sampling settings that a model's authors recommend; null where they say nothing.
 *
 * @param temperature softmax temperature
 * @param topP nucleus probability
 * @param topK how many of the most probable tokens to keep
 * @param repetitionPenalty divisor for logits of tokens already seen
 * @param doSample false asks for greedy decoding
 */
public record GenerationDefaults(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double repetitionPenalty,
        @Nullable Boolean doSample) {

    /** Nothing recommended. */
    public static final GenerationDefaults NONE = new GenerationDefaults(null, null, null, null, null);
}
