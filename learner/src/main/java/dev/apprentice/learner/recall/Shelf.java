package dev.apprentice.learner.recall;

import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.lesson.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One instance's lessons as recall's thread, which owns it, keeps them: all on disk, and while they are few in memory
 * too.
 */
final class Shelf implements AutoCloseable {
    private final String instance;
    private final FolderCare care;
    private final RecallSettings settings;

    /** Lessons that the ledger has and the index has not, oldest first. */
    private final LinkedHashSet<String> missing = new LinkedHashSet<>();

    /** What is to be told to the ledger when it is shown. */
    private final List<String> fresh = new ArrayList<>();

    /** All lessons while they are few, by their numbers. */
    private final TreeMap<Long, Entry> few = new TreeMap<>();

    private boolean wide;
    private final LessonFolder folder;
    private WideIndex.@Nullable Landscape landscape;

    /** Opens what there is, and finds out what the ledger has besides and what it has no more. */
    Shelf(String instance, FolderCare care, LessonSource source, Keys keys, RecallSettings settings) {
        this.instance = instance;
        this.care = care;
        this.settings = settings;
        folder = care.open(instance);
        try {
            compare(source, keys);
        } catch (RuntimeException e) {
            folder.abandon();
            throw e;
        }
    }

    private void compare(LessonSource source, Keys keys) {
        var have = folder.sequences();
        var kept = new BitSet(have.length);
        source.places(instance, place -> {
            keys.add(place.same());
            int at = Arrays.binarySearch(have, place.sequence());
            if (at >= 0) {
                kept.set(at);
                tell(place);
            } else {
                missing.add(place.id());
            }
        });
        keys.complete();
        var gone = new ArrayList<Long>();
        for (int at = kept.nextClearBit(0); at < have.length; at = kept.nextClearBit(at + 1)) {
            gone.add(have[at]);
        }
        if (!gone.isEmpty()) {
            folder.removeSequences(gone);
        }
        folder.refresh();
        wide = folder.size() > settings.votersMax();
        if (!wide) {
            folder.all().forEach(entry -> few.put(entry.sequence(), entry));
        }
    }

    /** A kill may have come between the index and the ledger's knowing of it. */
    private void tell(Place place) {
        if (place.state() == LessonState.RECORDED) {
            fresh.add(place.id());
        }
    }

    String instance() {
        return instance;
    }

    /** The next lesson that the ledger has and the index has not. */
    @Nullable
    String nextMissing() {
        return missing.isEmpty() ? null : missing.getFirst();
    }

    /** It is not missing any more. */
    void found(String id) {
        missing.remove(id);
    }

    /** Whether lessons are missing. */
    boolean incomplete() {
        return !missing.isEmpty();
    }

    boolean has(String id) {
        return wide
                ? folder.has(id)
                : few.values().stream().anyMatch(entry -> entry.id().equals(id));
    }

    void put(Entry entry) {
        folder.put(entry);
        if (!wide) {
            few.put(entry.sequence(), entry);
            if (few.size() > settings.votersMax()) {
                few.clear();
                wide = true;
            }
        }
    }

    /** It will be shown with the next index. */
    void willShow(String id) {
        fresh.add(id);
    }

    /** Forgets the states of lessons, on disk too when it is committed. */
    void remove(Collection<String> ids) {
        if (!ids.isEmpty()) {
            folder.remove(ids);
            few.values().removeIf(entry -> ids.contains(entry.id()));
        }
    }

    /** What can be shown now; null if there is nothing. */
    @Nullable
    LessonIndex index(GeneralPrompts general, Predicate<String> gone) {
        if (!wide) {
            return few.isEmpty() ? null : new WholeIndex(List.copyOf(few.values()), general, settings);
        }
        folder.refresh();
        int size = folder.size();
        if (size <= settings.votersMax()) {
            wide = false;
            folder.all().forEach(entry -> few.put(entry.sequence(), entry));
            return index(general, gone);
        }
        var measured = landscape;
        if (measured == null || !measured.holdsFor(size)) {
            measured = WideIndex.Landscape.of(folder, general);
            landscape = measured;
        }
        return new WideIndex(folder, measured, size, gone, settings);
    }

    /** Those that are shown for the first time; they are handed out once. */
    List<String> shown() {
        var told = List.copyOf(fresh);
        fresh.clear();
        return told;
    }

    void commit() {
        folder.commit();
    }

    /** Closes and deletes it: the instance is gone, or the index damaged. */
    void delete() {
        try {
            folder.abandon();
        } finally {
            care.delete(instance);
        }
    }

    @Override
    public void close() {
        folder.close();
    }
}
