package dev.apprentice.learner.lesson;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.apprentice.learner.interaction.Interactions;
import dev.apprentice.learner.interaction.Spoken;
import dev.apprentice.learner.store.Columns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answers that ratings, rewards, preferences and critiques speak of, and keeps what they are measured from.
 */
final class JudgedRows {
    private static final TypeReference<List<Double>> LOGPROBS = new TypeReference<>() {};

    private final LessonRows rows;
    private final Interactions interactions;

    JudgedRows(LessonRows rows, Interactions interactions) {
        this.rows = rows;
        this.interactions = interactions;
    }

    /** All of {@code instance} that stand and whose answers are whole and still there, oldest first. */
    List<Judged> all(Handle db, String instance) {
        var judged = new ArrayList<Judged>();
        for (var lesson : rows.judged(db, instance)) {
            judged(db, lesson).ifPresent(judged::add);
        }
        return judged;
    }

    private Optional<Judged> judged(Handle db, Lesson lesson) {
        return switch (lesson.kind()) {
            case CORRECTION, EXAMPLE -> Optional.empty();
            case RATING, IMPLICIT ->
                answer(db, lesson)
                        .map(it -> new Judged.Liked(
                                lesson, it, "up".equals(lesson.own().get("rating"))));
            case CRITIQUE -> answer(db, lesson).map(it -> new Judged.Liked(lesson, it, false));
            case REWARD -> rewarded(db, lesson);
            case PREFERENCE -> preferred(db, lesson);
        };
    }

    private Optional<Judged> rewarded(Handle db, Lesson lesson) {
        if (!(lesson.own().get("reward") instanceof Number reward)) {
            return Optional.empty();
        }
        var answers = lesson.own().get("episode") instanceof String episode
                ? interactions.spokenIn(db, lesson.instance(), episode)
                : answer(db, lesson).stream().toList();
        return answers.isEmpty()
                ? Optional.empty()
                : Optional.of(new Judged.Rewarded(lesson, answers, reward.doubleValue()));
    }

    private Optional<Judged> preferred(Handle db, Lesson lesson) {
        var chosen = side(db, lesson.own().get("chosen"));
        var rejected = side(db, lesson.own().get("rejected"));
        if (chosen == null || rejected == null) {
            return Optional.empty();
        }
        var id = lesson.interaction();
        var tools = id == null
                ? List.<Map<String, Object>>of()
                : interactions
                        .spoken(db, id, lesson.choice())
                        .map(Spoken::tools)
                        .orElse(List.of());
        return Optional.of(new Judged.Preferred(lesson, lesson.messages(), tools, chosen, rejected));
    }

    private @Nullable String side(Handle db, @Nullable Object side) {
        if (!(side instanceof Map<?, ?> shown)) {
            return null;
        }
        if (shown.get("answer") instanceof String written) {
            return written;
        }
        return shown.get("interaction") instanceof String id && shown.get("choice") instanceof Number choice
                ? interactions
                        .spoken(db, id, choice.intValue())
                        .map(Spoken::text)
                        .orElse(null)
                : null;
    }

    private Optional<Spoken> answer(Handle db, Lesson lesson) {
        var id = lesson.interaction();
        return id == null ? Optional.empty() : interactions.spoken(db, id, lesson.choice());
    }

    /** What the judged lessons of {@code instance} are measured from, as far as it is known, by lesson. */
    Map<String, Reference> references(Handle db, String instance) {
        var references = new HashMap<String, Reference>();
        db.createQuery("""
                        select r.* from lesson_references r join lessons l on l.id = r.lesson where l.instance = :instance
                        """)
                .bind("instance", instance)
                .map((row, _) -> references.put(
                        row.getString("lesson"),
                        new Reference(row.getInt("texts"), Columns.json(row, "logprobs", LOGPROBS))))
                .list();
        return references;
    }

    void keep(Handle db, Map<String, Reference> references) {
        references.forEach((lesson, reference) -> db.createUpdate("""
                        insert or replace into lesson_references (lesson, texts, logprobs)
                        select id, :texts, :logprobs from lessons where id = :lesson
                        """)
                .bind("lesson", lesson)
                .bind("texts", reference.texts())
                .bind("logprobs", Columns.json(reference.logprobs()))
                .execute());
    }
}
