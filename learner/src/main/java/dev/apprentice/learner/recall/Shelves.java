package dev.apprentice.learner.recall;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.learner.lesson.Placed;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The shelves of all instances, and what is done where one fails. Owned by recall's thread. */
final class Shelves implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Shelves.class.getName());

    /** After how many lessons indexes are made durable, if they come without a pause. */
    private static final int SAVED_AT_LEAST = 4_096;

    /** While an index is behind the ledger it is shown after so many lessons. */
    private static final int SHOWN_EVERY = 256;

    private final FolderCare care;
    private final LessonSource source;
    private final RecallSettings settings;
    private final Function<Placed, Entry> entries;
    private final LinkedHashMap<Room, Shelf> shelves = new LinkedHashMap<>();
    private final LinkedHashSet<Shelf> unsaved = new LinkedHashSet<>();
    private int takenIn;
    private int unsavedLessons;

    /** With {@code entries}, which looks at a lesson's request by the base. */
    Shelves(FolderCare care, LessonSource source, RecallSettings settings, Function<Placed, Entry> entries) {
        this.care = care;
        this.source = source;
        this.settings = settings;
        this.entries = entries;
    }

    /** Deletes the indexes of instances that are no more. */
    void tidy() {
        try {
            care.keepOnly(Set.copyOf(source.instances()));
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "recall_index_not_deleted", e);
        }
    }

    /** A room whose index lacks lessons that the ledger has. */
    @Nullable
    Room incomplete() {
        for (var shelf : shelves.entrySet()) {
            if (shelf.getValue().incomplete()) {
                return shelf.getKey();
            }
        }
        return null;
    }

    /** Takes in one lesson that the index of {@code room} lacks; the instance, if it is time to show what there is. */
    @Nullable
    String takeIn(Room room) {
        var shelf = Objects.requireNonNull(shelves.get(room));
        var lesson = shelf.nextMissing();
        if (lesson == null) {
            return null;
        }
        work(shelf.instance(), room, it -> index(it, lesson));
        takenIn++;
        return !shelf.incomplete() || takenIn % SHOWN_EVERY == 0 ? shelf.instance() : null;
    }

    /** Makes durable what was written. */
    void save() {
        for (var shelf : List.copyOf(unsaved)) {
            unsaved.remove(shelf);
            shelves.entrySet().stream()
                    .filter(one -> one.getValue() == shelf)
                    .findFirst()
                    .ifPresent(one -> work(shelf.instance(), one.getKey(), Shelf::commit));
        }
        unsavedLessons = 0;
    }

    /** Whether everything is durable. */
    boolean saved() {
        return unsaved.isEmpty();
    }

    void remove(Shelf shelf, String lesson) {
        shelf.remove(List.of(lesson));
        unsaved.add(shelf);
    }

    /** The instance is gone, and so is its index. */
    void drop(String instance, Room room) {
        try {
            delete(instance, shelves.remove(room));
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "recall_index_not_deleted instance=" + instance, e);
        }
    }

    /** Something done to a shelf. */
    @FunctionalInterface
    interface Work {
        void on(Shelf shelf);
    }

    /** Does {@code work}; where the disk fails it, the index is made anew. */
    void work(String instance, Room room, Work work) {
        try {
            var shelf = shelves.get(room);
            if (shelf == null) {
                shelf = new Shelf(instance, care, source, room.keys, settings);
                shelves.put(room, shelf);
            }
            work.on(shelf);
        } catch (UncheckedIOException e) {
            makeAnew(instance, room, e);
        } catch (NotFoundException e) {
            LOG.log(Level.DEBUG, "instance gone meanwhile instance=" + instance, e);
        }
    }

    /** If that fails too, as on a full disk, the next lesson or request tries again. */
    void makeAnew(String instance, Room room, UncheckedIOException cause) {
        LOG.log(Level.WARNING, "recall_index_failed instance=" + instance + ": made anew from the ledger", cause);
        try {
            delete(instance, shelves.remove(room));
            shelves.put(room, new Shelf(instance, care, source, room.keys, settings));
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "recall_index_not_made instance=" + instance, e);
        } catch (NotFoundException e) {
            LOG.log(Level.DEBUG, "instance gone meanwhile instance=" + instance, e);
        }
    }

    private void delete(String instance, @Nullable Shelf shelf) {
        if (shelf == null) {
            care.delete(instance);
        } else {
            unsaved.remove(shelf);
            shelf.delete();
        }
    }

    private static void close(Shelf shelf) {
        try {
            shelf.close();
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "recall_index_not_saved instance=" + shelf.instance(), e);
        }
    }

    void index(Shelf shelf, String id) {
        var placed = source.placed(shelf.instance(), List.of(id));
        shelf.found(id);
        if (placed.isEmpty() || shelf.has(id)) { // taken back meanwhile, or here already
            return;
        }
        try {
            shelf.put(entries.apply(placed.getFirst()));
            shelf.willShow(id);
        } catch (ApprenticeException e) {
            LOG.log(Level.WARNING, "not_indexed lesson=" + id + " code=" + e.code(), e);
        }
        unsaved.add(shelf);
        unsavedLessons++;
        if (unsavedLessons >= SAVED_AT_LEAST) {
            save();
        }
    }

    @Override
    public void close() {
        shelves.values().forEach(Shelves::close);
    }
}
