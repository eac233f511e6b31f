package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A feedback item made trainable.
 *
 * @param id {@code les_…}
 * @param instance which one learns it
 * @param kind what it was made of
 * @param interaction the corrected answer's id, null for an example
 * @param choice which of the interaction's choices
 * @param messages the request, as the client sent it (without the instance's own system prompt)
 * @param answer what should be answered, calls of tools in the form of the model; empty where its kind does not say it
 * @param said what was answered, null where nothing was or where it is not known yet
 * @param by who taught it
 * @param state how far it has come
 * @param reason why it is rejected, parked, held, superseded or withdrawn
 * @param passes whether the live checkpoint's exam items of it hold, null while not examined
 * @param checkpoint number of the first checkpoint that carried it
 * @param pinned whether no promotion may lose it
 * @param trust how much the teacher's word weighed, 0 to 1
 * @param created when it was given
 * @param own what only its kind says: a rating, a reward, two sides of a preference, a critique's text; the tools of
 *     its request, and an answer that calls some
 */
public record Lesson(
        String id,
        String instance,
        LessonKind kind,
        @Nullable String interaction,
        int choice,
        List<ChatMessage> messages,
        String answer,
        @Nullable String said,
        String by,
        LessonState state,
        @Nullable String reason,
        @Nullable Boolean passes,
        @Nullable Integer checkpoint,
        boolean pinned,
        double trust,
        Instant created,
        Map<String, Object> own) {
    public Lesson {
        messages = List.copyOf(messages);
        own = Collections.unmodifiableMap(new LinkedHashMap<>(own));
    }

    /** What should be answered, as a turn of the conversation; where it calls tools, with its calls. */
    public ChatMessage reply() {
        var called = Called.in(own);
        return called.calls().isEmpty() ? ChatMessage.of("assistant", answer) : called.reply();
    }

    /** The tools that its request offered, as OpenAI's JSON. */
    public List<Map<String, Object>> tools() {
        return Called.in(own).tools();
    }

    /** Whether a request that offers {@code tools} can be answered so: what the answer calls is among them. */
    public boolean answers(List<Map<String, Object>> tools) {
        return Called.in(own).makeableWith(tools);
    }
}
