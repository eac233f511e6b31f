package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lessons as they are when they have just been given. */
public final class SampleLessons {
    private SampleLessons() {}

    /** An example by somebody on this machine, with what it says of tools. */
    public static Lesson example(
            String id,
            String instance,
            List<ChatMessage> messages,
            String answer,
            Instant at,
            Map<String, Object> own) {
        return of(id, instance, LessonKind.EXAMPLE, null, messages, answer, "local", 1, at, own);
    }

    /** A word of {@code by} on how good the answer to {@code interaction} was. */
    public static Lesson judged(
            String id,
            String instance,
            LessonKind kind,
            String interaction,
            List<ChatMessage> messages,
            String by,
            double trust,
            Instant at) {
        return of(id, instance, kind, interaction, messages, "", by, trust, at, Map.of());
    }

    private static Lesson of(
            String id,
            String instance,
            LessonKind kind,
            @Nullable String interaction,
            List<ChatMessage> messages,
            String answer,
            String by,
            double trust,
            Instant at,
            Map<String, Object> own) {
        return new Lesson(
                id,
                instance,
                kind,
                interaction,
                0,
                messages,
                answer,
                null,
                by,
                LessonState.RECORDED,
                null,
                null,
                null,
                false,
                trust,
                at,
                own);
    }
}
