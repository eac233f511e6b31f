package dev.apprentice.learner.study;

import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.lesson.Waiting;
import dev.apprentice.learner.recall.LiveAdapter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where one instance stands with its studies. Safe for use by any thread. */
final class Course {
    /** How long a study that failed for reasons of the machine waits before it is tried again. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private static final int UNKNOWN = -1;

    private final String id;
    private final Set<String> settled = new HashSet<>();
    private boolean woken;
    private boolean studying;
    private boolean news;
    private final List<String> arrived = new ArrayList<>();
    private boolean changed = true;
    private final Set<String> open = new HashSet<>();
    private Waits waiting = Waits.NONE;
    private int judged = UNKNOWN;
    private boolean stopped;
    private Instant pausedUntil = Instant.MIN;
    private boolean repair;
    private boolean looked;
    private Standing standing = Standing.NEW;
    private final Set<String> heldOn = new HashSet<>();
    private @Nullable Rebuild rebuild;
    private Instant night = Instant.MIN;
    private StudyStatus status = StudyStatus.RESTING;

    Course(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /** Lessons may be new; which ones the store is asked. */
    synchronized void lessonGiven() {
        news = true;
        changed = true;
    }

    /** A lesson is new. */
    synchronized void given(Lesson lesson) {
        if (studying) {
            arrived.add(lesson.id());
        }
        if (!changed && lesson.checkpoint() == null && lesson.state() != LessonState.PARKED) {
            count(Waiting.of(lesson));
        }
    }

    /** Another checkpoint serves, or a lesson was taken back: where the instance stands is looked at again. */
    synchronized void turned() {
        looked = false;
        changed = true;
    }

    /** A live checkpoint has lost lessons: a study may mend them. */
    synchronized void repair() {
        repair = true;
    }

    synchronized boolean repairing() {
        return repair;
    }

    /** The weights are to be built anew as soon as may be. */
    synchronized void askRebuild() {
        rebuild = Rebuild.ASKED;
        pausedUntil = Instant.MIN;
    }

    /** Where the instance stands; asked for only if something may have changed. */
    synchronized Standing standing(Supplier<Standing> look) {
        if (!looked) {
            looked = true;
            standing = look.get();
        }
        return standing;
    }

    /**
     * Why the weights are to be built anew now, null if they are not.
     *
     * @param at the hour of the policy, in UTC, null for none
     */
    synchronized @Nullable Rebuild rebuild(Supplier<Standing> look, @Nullable LocalTime at, Instant now) {
        if (night.equals(Instant.MIN)) {
            night = now; // a night that passed while the server was down is over
        }
        var seen = standing(look);
        if (rebuild != null) {
            return rebuild;
        }
        if (!heldOn.containsAll(seen.withdrawn())) {
            return Rebuild.WITHDRAWN;
        }
        if (seen.promotions() >= Rebuild.PROMOTIONS_MAX) {
            return Rebuild.PROMOTIONS;
        }
        boolean stale = seen.promotions() > 0 || !seen.withdrawn().isEmpty();
        boolean due = at != null && stale && night.isBefore(latest(at, now));
        return due ? Rebuild.NIGHT : null;
    }

    /** The weights are being built anew: whatever comes of it, the same reasons are no reasons any more. */
    synchronized void rebuilding(Instant now) {
        rebuild = null;
        stopped = false;
        studying = true;
        night = now;
        heldOn.addAll(standing.withdrawn());
        standing = new Standing(standing.turnover(), standing.withdrawn(), 0, standing.awaiting());
    }

    private static Instant latest(LocalTime at, Instant now) {
        var today = now.atZone(ZoneOffset.UTC).with(at);
        return (today.toInstant().isAfter(now) ? today.minusDays(1) : today).toInstant();
    }

    synchronized void wake() {
        woken = true;
        pausedUntil = Instant.MIN;
    }

    synchronized void stop() {
        stopped = true;
    }

    /** A study begins; says whether somebody asked for it. */
    synchronized boolean begin() {
        boolean asked = woken;
        woken = false;
        repair = false;
        stopped = false;
        news = false;
        changed = true;
        studying = true;
        arrived.clear();
        return asked;
    }

    /** Whether something waits that the study that runs does not do. */
    synchronized boolean waits() {
        return news || !arrived.isEmpty() || woken || rebuild != null;
    }

    /** A study is over. */
    synchronized void end() {
        studying = false;
        arrived.clear();
    }

    synchronized boolean woken() {
        return woken;
    }

    synchronized boolean stopped() {
        return stopped;
    }

    /**
     * What was given since this was last asked.
     *
     * @param all whether there may be more than is named
     * @param lessons ids
     */
    record Arrivals(boolean all, List<String> lessons) {}

    synchronized Arrivals arrivals() {
        var some = new Arrivals(news, List.copyOf(arrived));
        news = false;
        arrived.clear();
        return some;
    }

    synchronized void pause(Instant now) {
        pausedUntil = now.plus(PAUSE);
    }

    synchronized boolean paused(Instant now) {
        return now.isBefore(pausedUntil);
    }

    /** These make no study due any more. */
    synchronized void settle(Collection<String> lessons) {
        settled.addAll(lessons);
        changed = true;
    }

    /**
     * What makes a study due; of what was judged perhaps more than can be learnt of.
     *
     * @param lessons what waits; asked for only if more has changed than that lessons came
     */
    synchronized Waits waiting(Supplier<List<Waiting>> lessons) {
        if (changed) {
            changed = false;
            open.clear();
            waiting = Waits.NONE;
            judged = UNKNOWN;
            lessons.get().forEach(this::count);
        }
        // a candidate on trial is decided by what is said of answers: a study of that would put another in its place
        return standing.awaiting().isEmpty() ? waiting : waiting.withoutJudged();
    }

    private void count(Waiting lesson) {
        boolean due = lesson.kind().teaches() || JudgedDeck.due(lesson.kind());
        if (due && waits(lesson.id()) && open.add(lesson.id())) {
            waiting = waiting.with(lesson);
            judged = lesson.kind().teaches() ? judged : UNKNOWN;
        }
    }

    private boolean waits(String lesson) {
        return !settled.contains(lesson) && !standing.awaiting().contains(lesson);
    }

    /**
     * How many of what waits can be learnt of, of those that say how good an answer was.
     *
     * @param lessons all that can; asked for only if something has changed since the last time
     */
    synchronized int judged(Supplier<List<Lesson>> lessons) {
        if (judged == UNKNOWN) {
            judged = Math.toIntExact(lessons.get().stream()
                    .filter(lesson -> open.contains(lesson.id()) && JudgedDeck.due(lesson.kind()))
                    .count());
        }
        return judged;
    }

    /**
     * Which of {@code lessons} a study should learn.
     *
     * @param parked whether those that could not be learnt before are tried again
     */
    static List<Lesson> fresh(List<Lesson> lessons, @Nullable LiveAdapter live, boolean parked) {
        return lessons.stream()
                .filter(lesson -> (parked || lesson.state() != LessonState.PARKED) && !carried(lesson, live))
                .toList();
    }

    /** Which of them the live weights know. */
    static List<Lesson> old(List<Lesson> lessons, @Nullable LiveAdapter live) {
        return lessons.stream().filter(lesson -> carried(lesson, live)).toList();
    }

    private static boolean carried(Lesson lesson, @Nullable LiveAdapter live) {
        return live != null && live.lessons().contains(lesson.id());
    }

    synchronized StudyStatus status() {
        return status;
    }

    synchronized void status(StudyStatus now) {
        status = now;
    }
}
