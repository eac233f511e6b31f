package dev.apprentice.server.openai;

import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.Extras;
import dev.apprentice.learner.Question;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion request, checked.
 *
 * @param model who is asked
 * @param messages the conversation
 * @param sampling how tokens are chosen
 * @param maxTokens how many tokens the answer may have, or null for the default
 * @param logprobs whether log-probabilities are told
 * @param delivery how the answer is sent
 * @param extras what is wished beyond OpenAI's fields
 * @param episode the task that this belongs to, or null
 */
record ChatRequest(
        String model,
        List<ChatMessage> messages,
        SamplingParams sampling,
        @Nullable Integer maxTokens,
        boolean logprobs,
        Delivery delivery,
        Extras extras,
        @Nullable String episode) {

    /** How an answer is sent. */
    enum Delivery {
        /** In one piece. */
        WHOLE,
        /** As events. */
        STREAM,
        /** As events, the last of which counts tokens. */
        STREAM_WITH_USAGE
    }

    ChatRequest {
        messages = List.copyOf(messages);
    }

    Question question(Instant deadline) {
        return new Question(
                messages,
                List.of(),
                new Constraint.None(),
                sampling,
                maxTokens,
                extras,
                episode,
                deadline,
                "chatcmpl-");
    }
}
