package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the base could be trained on a lesson at all: its chat template and its window decide. */
@FunctionalInterface
public interface LessonFit {
    /**
     * Does nothing if it could.
     *
     * @param systemPrompt the instance's own, which applies where {@code messages} bring none
     * @throws dev.apprentice.engine.InvalidRequestException naming {@code messages} that the chat template refuses
     * @throws dev.apprentice.engine.UnprocessableException code {@code context_length_exceeded} naming {@code answer}
     */
    void check(@Nullable String systemPrompt, List<ChatMessage> messages, String answer);
}
