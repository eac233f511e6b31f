package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the base could be trained on a lesson at all: its chat template and its window decide. */
public interface LessonFit {
    /**
     * Does nothing if it could.
     *
     * @param systemPrompt the instance's own, which applies where {@code messages} bring none
     * @param tools what the request offers, as OpenAI's JSON
     * @throws dev.apprentice.engine.InvalidRequestException naming {@code messages} that the chat template refuses
     * @throws dev.apprentice.engine.UnprocessableException code {@code context_length_exceeded} naming {@code answer}
     */
    void check(
            @Nullable String systemPrompt,
            List<ChatMessage> messages,
            List<Map<String, Object>> tools,
            ChatMessage reply);

    /**
     * What the model would say to give {@code reply}: its text, with calls in the model's own form.
     *
     * @throws dev.apprentice.engine.UnprocessableException code {@code tools_not_supported} if it has no form for calls
     */
    String text(ChatMessage reply);
}
