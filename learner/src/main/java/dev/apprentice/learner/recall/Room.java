package dev.apprentice.learner.recall;

import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Same;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What recall knows of one instance. Exact repeats and the view may be used by any thread, the rest by recall's own.
 */
final class Room {
    /** What a request is answered by: it changes as a whole. */
    record View(LessonIndex index, Gate gate, RecallFit fit) {}

    private final Map<String, Lesson> exact = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
    private volatile @Nullable View view;
    private volatile @Nullable LiveAdapter live;

    /** Owned by recall's thread: lessons whose states are known, oldest first. */
    final Map<String, Entry> entries = new LinkedHashMap<>();

    private final Set<String> told = new HashSet<>();
    private @Nullable RecallFit fitted;
    private boolean fittedSmall;
    private int asked;

    synchronized void add(Lesson lesson) {
        gone.remove(lesson.id());
        exact.put(Same.key(lesson.messages()), lesson);
    }

    /** From now on {@code lesson} acts no more: until the index is built anew, no other acts by similarity either. */
    synchronized void remove(String lesson) {
        gone.add(lesson);
        exact.values().removeIf(known -> known.id().equals(lesson));
        view = null;
    }

    synchronized @Nullable Lesson exact(String key) {
        return exact.get(key);
    }

    synchronized boolean empty() {
        return exact.isEmpty();
    }

    /** Shows {@code fresh} unless a lesson in it has gone meanwhile. */
    synchronized boolean show(@Nullable View fresh) {
        if (fresh != null
                && fresh.index().entries().stream()
                        .anyMatch(entry -> gone.contains(entry.lesson().id()))) {
            return false;
        }
        view = fresh;
        return true;
    }

    synchronized boolean gone(Lesson lesson) {
        return gone.contains(lesson.id());
    }

    @Nullable
    View view() {
        return view;
    }

    @Nullable
    LiveAdapter live() {
        return live;
    }

    /** From now on {@code adapter} answers. */
    synchronized void live(@Nullable LiveAdapter adapter) {
        live = adapter;
    }

    /** Owned by recall's thread: forgets the states of what has gone. */
    synchronized void sweep() {
        entries.keySet().removeAll(gone);
    }

    /** Owned by recall's thread: whether {@code lesson} is in the index for the first time. */
    boolean firstShown(Lesson lesson) {
        return told.add(lesson.id());
    }

    /** Owned by recall's thread: what asking the base has found. */
    void fitted(RecallFit fit) {
        fitted = fit;
    }

    /** Owned by recall's thread: forgets what was found by asking other weights. */
    void unfit() {
        fitted = null;
        asked = 0;
    }

    /** Owned by recall's thread: how the lessons of {@code index} act, as far as is known. */
    RecallFit fit(LessonIndex index, Fitting fitting) {
        var adapter = live;
        var known = fitted != null
                ? fitted
                : adapter == null || adapter.fit() == null
                        ? null
                        : adapter.fit().recall();
        if (known == null || known.small() != index.small()) {
            return fitting.early(index);
        }
        return known.lambda() == 0
                ? known
                : new RecallFit(true, 0, known.lambda(), fitting.temperature(index.known()), known.lessons());
    }

    /** Owned by recall's thread: whether it is time to ask the base, and if so, takes note that it will be asked. */
    boolean fitDue(LessonIndex index, RecallSettings settings) {
        int count = index.entries().size();
        var adapter = live;
        int since = Math.max(
                asked,
                adapter == null || adapter.fit() == null
                        ? 0
                        : adapter.fit().recall().lessons());
        boolean due = count >= settings.fitAtLessons()
                && (since == 0 || count >= 2 * since || (asked > 0 && fittedSmall != index.small()));
        if (due) {
            asked = count;
            fittedSmall = index.small();
        }
        return due;
    }
}
