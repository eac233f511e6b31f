package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 *     its request, and an answer that calls some; of another wording of a fact that has changed, what it changed with;
 *     of what speaks in the place of a lesson that weights have learnt, that one
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
    private static final String OVERRULES = "overrules";

    public Lesson {
        messages = List.copyOf(messages);
        own = Collections.unmodifiableMap(new LinkedHashMap<>(own));
    }

    /** Whether it speaks in the place of one of the lessons that weights have {@code learnt}, and is none of those. */
    public boolean unlearns(Set<String> learnt) {
        return own.get(OVERRULES) instanceof String over && learnt.contains(over) && !learnt.contains(id);
    }

    /** The same in the place of {@code over}: what has been learnt of these is to be learnt anew. */
    Lesson inPlaceOf(List<Lesson> over) {
        for (var other : over) {
            var learnt = other.checkpoint == null ? other.own.get(OVERRULES) : other.id;
            if (learnt != null) {
                var more = new LinkedHashMap<>(own);
                more.put(OVERRULES, learnt);
                return with(more);
            }
        }
        return this;
    }

    private Lesson with(Map<String, Object> own) {
        return new Lesson(
                id,
                instance,
                kind,
                interaction,
                choice,
                messages,
                answer,
                said,
                by,
                state,
                reason,
                passes,
                checkpoint,
                pinned,
                trust,
                created,
                own);
    }

    /** The lesson {@code id} on the same request that gives the answer of {@code now}. */
    Lesson changed(String id, Lesson now) {
        var own = new Change(now.id, this.id).beside(new Called("", List.of(), tools()).own());
        return new Lesson(
                id,
                instance,
                LessonKind.EXAMPLE,
                null,
                0,
                messages,
                now.answer,
                null,
                now.by,
                LessonState.RECORDED,
                null,
                null,
                null,
                false,
                now.trust,
                now.created,
                own);
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
