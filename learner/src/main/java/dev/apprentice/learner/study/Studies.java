package dev.apprentice.learner.study;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.exam.Examiners;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.recall.Recall;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The slow way to learn: one background thread that studies for all instances, the one that waits longest first. Safe
 * for use by any thread.
 *
 * <p>Who waits is asked of the store at the start and whenever checkpoints or lessons change; a lesson that comes is
 * counted as it comes, so that teaching costs the same however many there are. A crash at any point costs the study
 * that ran, and the next start finds the same lessons waiting. A lesson makes a study due once; whether it was learnt,
 * parked, or carried by a checkpoint that somebody rolled back later, it is not studied again by itself.
 */
public final class Studies implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Studies.class.getName());

    /** How often the store is asked anew when nobody calls: lessons may come by ways that do not call. */
    private static final Duration LOOK = Duration.ofSeconds(30);

    private final StudyStore store;
    private final StudyStart start;
    private final Seams seams;
    private final Desk desk;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Map<String, Course> courses = new LinkedHashMap<>();
    private final Thread thread;
    private long told;
    private volatile boolean closing;
    private volatile @Nullable String fault;

    private Studies(
            Base base,
            Probes probes,
            StudyStore store,
            Recall recall,
            StudyPlan plan,
            RivalPlan rivals,
            StudyStart start,
            ExamPlan exam,
            Examiners examiners,
            Seams seams,
            StudyWatcher watcher) {
        this.store = store;
        this.start = start;
        this.seams = seams;
        desk = new Desk(base, probes, store, recall, plan, rivals, exam, examiners, this::alone, seams, watcher);
        thread = Thread.ofPlatform().name("learner").daemon().unstarted(this::run);
    }

    /**
     * Starts the learner thread.
     *
     * @param examiners are asked in the exams besides the candidate
     * @param watcher hears of every study, on the learner thread
     */
    public static Studies open(
            Base base,
            Probes probes,
            StudyStore store,
            Recall recall,
            StudyPlan plan,
            RivalPlan rivals,
            StudyStart start,
            ExamPlan exam,
            Examiners examiners,
            Seams seams,
            StudyWatcher watcher) {
        var studies = new Studies(base, probes, store, recall, plan, rivals, start, exam, examiners, seams, watcher);
        store.instances().forEach(studies::lessonGiven);
        studies.thread.start();
        return studies;
    }

    /** A lesson was given: a study may be due soon, or one that runs may take it in. */
    public void given(Lesson lesson) {
        tell(lesson.instance(), course -> course.given(lesson));
    }

    /** Lessons were given, or act from here on: which ones the store is asked. */
    public void lessonGiven(String instance) {
        tell(instance, Course::lessonGiven);
    }

    /** Studies as soon as may be, parked lessons too. */
    public void wake(String instance) {
        tell(instance, Course::wake);
    }

    /** Builds the weights anew from the base on all lessons, as soon as may be. */
    public void rebuild(String instance) {
        tell(instance, Course::askRebuild);
    }

    /** Another checkpoint serves, or a lesson was taken back. */
    public void turned(String instance) {
        tell(instance, Course::turned);
    }

    /** It was frozen or deleted: a study that runs for it ends at the next step. */
    public void stop(String instance) {
        tell(instance, Course::stop);
    }

    /**
     * What went wrong that should never go wrong, for those who ask whether the learner is sound; null if nothing did.
     */
    public @Nullable String fault() {
        return fault;
    }

    /** What is done for an instance now. */
    public StudyStatus status(String instance) {
        lock.lock();
        try {
            var course = courses.get(instance);
            return course == null ? StudyStatus.RESTING : course.status();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is being studied for an instance and no study is due now: what was asked for is done. */
    public boolean settled(String instance) {
        Course course;
        lock.lock();
        try {
            course = courses.get(instance);
        } finally {
            lock.unlock();
        }
        // looked at twice: between the two a study may have begun, which makes none due any more
        return course == null
                || (resting(course)
                        && !Duration.ZERO.equals(due(course, seams.clock().instant()))
                        && resting(course));
    }

    private static boolean resting(Course course) {
        return course.status().phase() == StudyStatus.Phase.RESTING;
    }

    private void tell(String instance, Consumer<Course> what) {
        lock.lock();
        try {
            what.accept(courses.computeIfAbsent(instance, Course::new));
            told++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!closing) {
                var next = next();
                if (next != null) {
                    study(next);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** The instance whose study is due, or null after a wait in which something may have changed. */
    private @Nullable Course next() throws InterruptedException {
        List<Course> all;
        long heard;
        lock.lock();
        try {
            all = List.copyOf(courses.values());
            heard = told;
        } finally {
            lock.unlock();
        }
        var wait = LOOK;
        for (var course : all) {
            var due = due(course, seams.clock().instant());
            if (due != null && due.isZero()) {
                return course;
            }
            wait = due != null && due.compareTo(wait) < 0 ? due : wait;
        }
        lock.lock();
        try {
            long left = wait.plusMillis(1).toNanos();
            while (told == heard && left > 0) {
                left = news.awaitNanos(left);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Duration due(Course course, Instant now) {
        try {
            var instance = store.instance(course.id());
            if (instance.frozen()) {
                return null;
            }
            if (course.paused(now)) {
                return LOOK;
            }
            if (course.woken() || course.repairing() || rebuild(course, instance, now) != null) {
                return Duration.ZERO;
            }
            if (!start.byItself()) {
                return null;
            }
            var waits = course.waiting(() -> store.waiting(course.id()));
            int enough = instance.policy().minLessonsToStudy();
            return waits.judged() >= enough && judged(course) >= enough ? Duration.ZERO : start.due(waits, enough, now);
        } catch (NotFoundException e) {
            return null; // deleted
        }
    }

    /** Whether nothing waits but what is done for {@code studied}. */
    private boolean alone(Course studied) {
        List<Course> all;
        lock.lock();
        try {
            all = List.copyOf(courses.values());
        } finally {
            lock.unlock();
        }
        var now = seams.clock().instant();
        return !studied.waits()
                && all.stream()
                        .filter(course -> course != studied)
                        .map(course -> due(course, now))
                        .noneMatch(due -> due != null && due.isZero());
    }

    private @Nullable Rebuild rebuild(Course course, Instance instance, Instant now) {
        return course.rebuild(
                () -> store.standing(course.id()), instance.policy().rebuildAt(), now);
    }

    private int judged(Course course) {
        return course.judged(
                () -> store.judged(course.id()).stream().map(Judged::lesson).toList());
    }

    private void study(Course course) throws InterruptedException {
        try {
            course.status(new StudyStatus(StudyStatus.Phase.STUDYING, 0, 0)); // before what was asked for is forgotten
            var now = seams.clock().instant();
            var rebuild = course.woken() ? null : rebuild(course, store.instance(course.id()), now);
            if (rebuild == null) {
                desk.study(course);
            } else {
                course.rebuilding(now);
                desk.rebuild(course, rebuild);
            }
        } catch (NotFoundException e) {
            LOG.log(Level.INFO, "study_dropped instance=" + course.id() + " code=" + e.code());
        } catch (ApprenticeException e) {
            LOG.log(Level.WARNING, "study_failed instance=" + course.id() + " code=" + e.code(), e);
            course.pause(seams.clock().instant());
        } catch (RuntimeException | AssertionError e) {
            LOG.log(Level.ERROR, "study_broken instance=" + course.id(), e);
            fault = "the study of " + course.id() + " ended by a fault of the program: " + e;
            course.pause(seams.clock().instant());
        } finally {
            course.end();
            course.status(StudyStatus.RESTING);
        }
    }

    /** Ends a running study at its next step and waits for that. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
