package dev.apprentice.learner.base;

import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.Training;
import java.util.List;
import java.util.Map;

/** The loaded base model, as the learner sees it. Safe for use by several threads. */
public interface Base {
    /** SHA-256 of its content: what was measured on one base says nothing of another. */
    String digest();

    /** How many layers it has. */
    int layers();

    /** How many numbers a hidden state has. */
    int hidden();

    /** How many parameters it has. */
    long parameters();

    /** How many tokens prompt and answer may have together. */
    int contextTokens();

    /** A request as tokens, up to where the answer begins. */
    default int[] prompt(List<ChatMessage> messages) {
        return prompt(messages, List.of());
    }

    /** The same where the request offers {@code tools}, as OpenAI's JSON. */
    int[] prompt(List<ChatMessage> messages, List<Map<String, Object>> tools);

    /** A request with its answer as tokens; of earlier assistant turns nothing is answer. */
    default Span span(List<ChatMessage> messages, String answer) {
        return span(messages, List.of(), ChatMessage.of("assistant", answer));
    }

    /** The same where the request offers {@code tools} and the answer may call some, in the model's own form. */
    Span span(List<ChatMessage> messages, List<Map<String, Object>> tools, ChatMessage answer);

    /**
     * What the model would say to give {@code answer}: its text, with calls in the model's own form.
     *
     * @throws dev.apprentice.engine.UnprocessableException code {@code tools_not_supported} if it has no form for calls
     */
    String text(ChatMessage answer);

    /** Starts a generation. */
    Generation submit(GenerationRequest request);

    /** The primitives of training. */
    Training training();
}
