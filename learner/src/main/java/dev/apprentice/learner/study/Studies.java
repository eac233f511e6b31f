package dev.apprentice.learner.study;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.exam.ExamPlan;
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
 * <p>Who waits is asked of the store each time, never remembered: a crash at any point costs the study that ran, and
 * the next start finds the same lessons waiting. A lesson makes a study due once; whether it was learnt, parked, or
 * carried by a checkpoint that somebody rolled back later, it is not studied again by itself.
 */
public final class Studies implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Studies.class.getName());

    /** How often the store is asked anew when nobody calls: lessons may come by ways that do not call. */
    private static final Duration LOOK = Duration.ofSeconds(30);

    private final StudyStore store;
    private final StudyPlan plan;
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
            ExamPlan exam,
            Seams seams,
            StudyWatcher watcher) {
        this.store = store;
        this.plan = plan;
        this.seams = seams;
        desk = new Desk(base, probes, store, recall, plan, exam, seams, watcher);
        thread = Thread.ofPlatform().name("learner").daemon().unstarted(this::run);
    }

    /**
     * Starts the learner thread.
     *
     * @param watcher hears of every study, on the learner thread
     */
    public static Studies open(
            Base base,
            Probes probes,
            StudyStore store,
            Recall recall,
            StudyPlan plan,
            ExamPlan exam,
            Seams seams,
            StudyWatcher watcher) {
        var studies = new Studies(base, probes, store, recall, plan, exam, seams, watcher);
        store.instances().forEach(studies::lessonGiven);
        studies.thread.start();
        return studies;
    }

    /** A lesson was given: a study may be due soon, or one that runs may take it in. */
    public void lessonGiven(String instance) {
        tell(instance, Course::lessonGiven);
    }

    /** Studies as soon as may be, parked lessons too. */
    public void wake(String instance) {
        tell(instance, Course::wake);
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
            if (course.woken()) {
                return Duration.ZERO;
            }
            var given = course.waiting(() -> store.lessons(course.id()));
            return Waiting.due(given, instance.policy().minLessonsToStudy(), now, plan);
        } catch (NotFoundException e) {
            return null; // deleted
        }
    }

    private void study(Course course) throws InterruptedException {
        try {
            desk.study(course);
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
