package dev.apprentice.learner;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.lesson.LessonFit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a lesson fits the base's context window, whole: a lesson that was cut would teach something else. */
final class Windows implements LessonFit {
    private final Base base;

    Windows(Base base) {
        this.base = base;
    }

    @Override
    public String text(ChatMessage reply) {
        return base.text(reply);
    }

    @Override
    public void check(
            @Nullable String systemPrompt,
            List<ChatMessage> messages,
            List<Map<String, Object>> tools,
            ChatMessage reply) {
        var span = base.span(Conversation.under(systemPrompt, messages), tools, reply);
        var tokens = span.prompt().length + span.answer().length;
        if (tokens > base.contextTokens()) {
            throw new UnprocessableException(
                    "context_length_exceeded",
                    "the request has " + span.prompt().length + " tokens and the answer " + span.answer().length
                            + ", together more than the model's context window of " + base.contextTokens(),
                    Fault.of("answer", base.contextTokens() + " tokens with its request", tokens + " tokens"));
        }
    }
}
