package dev.apprentice.learner.recall;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What recall knows of one instance. Shown to all threads; how it acts is owned by recall's own thread. */
final class Room {
    /** What a request is answered by: it changes as a whole. */
    record View(LessonIndex index, Gate gate, RecallFit fit) {}

    /** Up to so many lessons a gate is fitted anew with each; it takes a few milliseconds. */
    private static final int GATE_LESSONS_FEW = 64;

    /** Above it when so large a part of the lessons has come or gone: fitting takes as long as there are lessons. */
    private static final int GATE_LESSONS_PART = 2;

    /** How many lessons, the last ones, are remembered as told to recall. */
    private static final int HEARD = 4_096;

    /** Requests that were taught; the ledger says what is answered to them. */
    final Keys keys = new Keys();

    private final Set<String> gone = new HashSet<>();
    private final Set<String> heard = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > HEARD;
        }
    });
    private volatile @Nullable View view;
    private volatile @Nullable Reach reach;
    private volatile @Nullable Reach widest;
    private volatile @Nullable LiveAdapter live;

    /** Owned by recall's thread: judged answers whose requests' states are known, oldest first, the newest of many. */
    final LinkedHashMap<String, Entry> judged = new LinkedHashMap<>();

    private @Nullable Gate gate;
    private int gateLessons;
    private boolean gateStale;
    private @Nullable Gate reachGate;
    private int reachEntries;
    private boolean reachStale;
    private @Nullable RecallFit fitted;
    private boolean fittedSmall;
    private int asked;

    synchronized void add(String lesson) {
        gone.remove(lesson);
        heard.add(lesson);
    }

    /** From now on {@code lesson} acts no more: until the index is built anew, no other acts by similarity either. */
    synchronized void remove(String lesson) {
        gone.add(lesson);
        heard.remove(lesson);
        var shown = view;
        if (shown != null && shown.index() instanceof WholeIndex) {
            view = null; // of a wide one each candidate is asked whether it is gone
        }
    }

    /** Whether recall was told of a lesson, of the last ones. */
    synchronized boolean heard(String lesson) {
        return heard.contains(lesson);
    }

    /** From now on nothing may be learnt of the answer that {@code opinion} judged. */
    synchronized void forget(String opinion) {
        gone.add(opinion);
    }

    /** Shows {@code fresh} unless a lesson in it has gone meanwhile. */
    synchronized boolean show(@Nullable View fresh) {
        if (fresh != null && fresh.index().shows(gone)) {
            return false;
        }
        view = fresh;
        return true;
    }

    synchronized boolean gone(String lesson) {
        return gone.contains(lesson);
    }

    synchronized Set<String> gone() {
        return Set.copyOf(gone);
    }

    @Nullable
    View view() {
        return view;
    }

    /** What the weights that answer have learnt about, null where they were trained on no judged answer. */
    @Nullable
    Reach reach() {
        return reach;
    }

    /** The same of weights that are trained on all there is, null where no answer was judged. */
    @Nullable
    Reach widest() {
        return widest;
    }

    /** Owned by recall's thread. */
    void reach(@Nullable Reach reach, @Nullable Reach widest) {
        this.reach = reach;
        this.widest = widest;
    }

    @Nullable
    LiveAdapter live() {
        return live;
    }

    /** From now on {@code adapter} answers. */
    synchronized void live(@Nullable LiveAdapter adapter) {
        live = adapter;
    }

    /** Owned by recall's thread: forgets the states of judged requests that have gone. */
    synchronized void sweep() {
        judged.keySet().removeAll(gone);
    }

    /** Owned by recall's thread: the gate for {@code index}, which may be that of somewhat fewer or more lessons. */
    Gate gate(LessonIndex index) {
        int lessons = index.size();
        var known = gate;
        if (index instanceof WideIndex wide) { // fitted beside, since it takes long
            gateStale = false;
            if (known == null) {
                known = wide.early();
                gate = known;
            }
            return known;
        }
        gateStale = known != null && !outgrown(gateLessons, lessons);
        if (known == null || !gateStale) {
            known = index.gate();
            gate = known;
            gateLessons = lessons;
        }
        return known;
    }

    /**
     * Owned by recall's thread: the same for what the weights may have learnt about, which has {@code count} requests.
     */
    Gate reachGate(int count, Supplier<Gate> fit) {
        var known = reachGate;
        reachStale = known != null && !outgrown(reachEntries, count);
        if (known == null || !reachStale) {
            known = fit.get();
            reachGate = known;
            reachEntries = count;
        }
        return known;
    }

    private static boolean outgrown(int then, int now) {
        return now <= GATE_LESSONS_FEW || GATE_LESSONS_PART * Math.abs(now - then) >= then;
    }

    /** Owned by recall's thread: whether lessons came or went since the gate was fitted. */
    boolean gateStale() {
        return gateStale || reachStale;
    }

    /** Owned by recall's thread: the gate has to be fitted next time. */
    void forgetGate() {
        gate = null;
        gateStale = false; // with no lesson left it is not asked for again
        reachGate = null;
        reachStale = false;
    }

    /** Owned by recall's thread: what asking the base has found, and the gate of many lessons. */
    void fitted(RecallFit fit, @Nullable Gate fittedGate) {
        fitted = fit;
        if (fittedGate != null) {
            gate = fittedGate;
            gateLessons = fit.lessons();
        }
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
        return known.lambda() == 0 || index instanceof WideIndex
                ? known
                : new RecallFit(true, 0, known.lambda(), fitting.temperature(index.judged()), known.lessons());
    }

    /** Owned by recall's thread: whether it is time to ask the base, and if so, takes note that it will be asked. */
    boolean fitDue(LessonIndex index, RecallSettings settings) {
        int count = index.size();
        var adapter = live;
        int since = Math.max(
                asked,
                adapter == null || adapter.fit() == null
                        ? 0
                        : adapter.fit().recall().lessons());
        boolean gateDue = index instanceof WideIndex && outgrown(Math.max(gateLessons, asked), count);
        boolean due = count >= settings.fitAtLessons()
                && (since == 0 || count >= 2 * since || (asked > 0 && fittedSmall != index.small()) || gateDue);
        if (due) {
            asked = count;
            fittedSmall = index.small();
        }
        return due;
    }
}
