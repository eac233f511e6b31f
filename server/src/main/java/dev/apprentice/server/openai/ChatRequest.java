package dev.apprentice.server.openai;

import dev.apprentice.server.asking.Asking;

/**
 * A chat completion request, checked.
 *
 * @param asking what is asked
 * @param logprobs whether log-probabilities are told
 * @param delivery how the answer is sent
 */
public record ChatRequest(Asking asking, boolean logprobs, Delivery delivery) {

    /** How an answer is sent. */
    public enum Delivery {
        /** In one piece. */
        WHOLE,
        /** As events. */
        STREAM,
        /** As events, the last of which counts tokens. */
        STREAM_WITH_USAGE
    }
}
