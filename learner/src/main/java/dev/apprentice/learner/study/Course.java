package dev.apprentice.learner.study;

import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.recall.LiveAdapter;
import java.time.Duration;
import java.time.Instant;
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

    private final String id;
    private final Set<String> settled = new HashSet<>();
    private boolean woken;
    private boolean news;
    private boolean changed = true;
    private List<Instant> waiting = List.of();
    private boolean stopped;
    private Instant pausedUntil = Instant.MIN;
    private StudyStatus status = StudyStatus.RESTING;

    Course(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    synchronized void lessonGiven() {
        news = true;
        changed = true;
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
        stopped = false;
        news = false;
        changed = true;
        return asked;
    }

    synchronized boolean woken() {
        return woken;
    }

    synchronized boolean stopped() {
        return stopped;
    }

    /** Whether lessons were given since this was last asked. */
    synchronized boolean news() {
        boolean some = news;
        news = false;
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
     * When the lessons that make a study due were given.
     *
     * @param lessons the active ones; asked for only if something has changed since the last time
     */
    synchronized List<Instant> waiting(Supplier<List<Lesson>> lessons) {
        if (changed) {
            changed = false;
            waiting = lessons.get().stream()
                    .filter(lesson -> lesson.checkpoint() == null
                            && lesson.state() != LessonState.PARKED
                            && !settled.contains(lesson.id()))
                    .map(Lesson::created)
                    .toList();
        }
        return waiting;
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
