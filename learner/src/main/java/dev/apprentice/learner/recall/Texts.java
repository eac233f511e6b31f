package dev.apprentice.learner.recall;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.apprentice.learner.lesson.Lesson;
import java.util.ArrayList;
import java.util.List;

/**
 * Lessons as they were taught, out of the ledger; those asked for last are kept. What a lesson says never changes, so
 * what is kept cannot be wrong, only gone. Safe for use by any thread.
 */
final class Texts {
    private static final int KEPT = 2_048;

    /** SQLite takes some tens of thousands of values in one question. */
    private static final int AT_ONCE = 256;

    private final LessonSource source;
    private final Cache<String, Lesson> kept =
            Caffeine.newBuilder().maximumSize(KEPT).build();

    Texts(LessonSource source) {
        this.source = source;
    }

    /** The lessons of {@code entries}, in their order; those that hold no more are left out. */
    List<Lesson> of(String instance, List<Entry> entries) {
        var missing = entries.stream()
                .map(Entry::id)
                .filter(id -> kept.getIfPresent(id) == null)
                .toList();
        for (int from = 0; from < missing.size(); from += AT_ONCE) {
            source.placed(instance, missing.subList(from, Math.min(missing.size(), from + AT_ONCE)))
                    .forEach(placed -> kept.put(placed.lesson().id(), placed.lesson()));
        }
        var lessons = new ArrayList<Lesson>();
        for (var entry : entries) {
            var lesson = kept.getIfPresent(entry.id());
            if (lesson != null) {
                lessons.add(lesson);
            }
        }
        return lessons;
    }

    void forget(String id) {
        kept.invalidate(id);
    }

    /** Whether one of {@code entries} corrects what {@code live} has learnt: until that learns it, it speaks alone. */
    boolean unlearn(String instance, List<Entry> entries, LiveAdapter live) {
        return of(instance, entries).stream().anyMatch(lesson -> lesson.unlearns(live.lessons()));
    }
}
