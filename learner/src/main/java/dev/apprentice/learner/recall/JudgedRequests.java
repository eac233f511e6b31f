package dev.apprentice.learner.recall;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Placed;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests whose answers were rated, rewarded or compared. They act on no answer, but weights that learnt of them apply
 * to what is like them. They are kept in memory only, the newest of many, and looked at when nothing else waits. Owned
 * by recall's thread.
 */
final class JudgedRequests {
    /** Of so many an instance's weights are known to have heard: enough to tell what they are about. */
    static final int MOST = 256;

    private static final System.Logger LOG = System.getLogger(JudgedRequests.class.getName());

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final RecallSettings settings;
    private long count;

    JudgedRequests(RecallSettings settings) {
        this.settings = settings;
    }

    private record Waiting(Room room, Lesson lesson) {}

    /** Whose requests have changed. */
    record Changed(String instance, Room room) {}

    void add(Room room, Lesson lesson) {
        if (!lesson.messages().isEmpty()) { // of an episode no single request is known
            waiting.add(new Waiting(room, lesson));
        }
    }

    /** Whether all were looked at. */
    boolean done() {
        return waiting.isEmpty();
    }

    /** Looks at the next one, if it still stands. */
    @Nullable
    Changed next(Function<Placed, Entry> look) {
        var next = waiting.removeFirst();
        var lesson = next.lesson();
        var judged = next.room().judged;
        if (next.room().gone(lesson.id())) {
            return null;
        }
        try {
            judged.put(lesson.id(), look.apply(new Placed(count++, lesson)));
        } catch (ApprenticeException e) {
            LOG.log(Level.WARNING, "not_indexed lesson=" + lesson.id() + " code=" + e.code(), e);
            return null;
        }
        if (judged.size() > MOST) {
            judged.pollFirstEntry();
        }
        return new Changed(lesson.instance(), next.room());
    }

    /** Says what the weights of {@code room} may have learnt about, beside the lessons that it shows. */
    void reach(Room room, GeneralPrompts general) {
        if (room.judged.isEmpty()) {
            room.reach(null, null);
            return;
        }
        var view = room.view();
        var all = List.copyOf(room.judged.values());
        var live = room.live();
        var learnt = all.stream()
                .filter(entry -> live != null && live.lessons().contains(entry.id()))
                .toList();
        if (view != null && view.index() instanceof WideIndex wide) {
            room.reach(
                    learnt.isEmpty() ? null : Reach.wide(wide, learnt, view.gate()),
                    Reach.wide(wide, all, view.gate()));
            return;
        }
        var lessons = view == null ? List.<Entry>of() : view.index().asked();
        var together = with(lessons, all);
        var ground = Ground.of(together, general);
        var familiarity = new Familiarity(together, ground);
        var gate = room.reachGate(together.size(), () -> gate(together, familiarity, general))
                .with(view != null && view.gate().subjects());
        room.reach(
                learnt.isEmpty() ? null : Reach.whole(with(lessons, learnt), general, gate),
                new Reach(null, all, familiarity, ground, gate));
    }

    /** Each request must get in by the others, general prompts should not. */
    private Gate gate(List<Entry> entries, Familiarity familiarity, GeneralPrompts general) {
        var closed = familiarity.ofOthers(general.practice());
        if (entries.size() < settings.fitAtLessons()) {
            return GateFitting.early(closed);
        }
        var own = GateFitting.spread(entries.size(), Math.max(MOST, settings.fitAtLessons()))
                .mapToObj(i -> entries.get(i).question())
                .toList();
        return GateFitting.fit(familiarity.ofOthers(own), closed, settings.gateOpenMin());
    }

    private static List<Entry> with(List<Entry> lessons, List<Entry> judged) {
        var all = new ArrayList<>(lessons);
        all.addAll(judged);
        return all;
    }
}
