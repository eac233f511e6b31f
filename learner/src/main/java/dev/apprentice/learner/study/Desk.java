package dev.apprentice.learner.study;

import dev.apprentice.engine.Seams;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.exam.Exam;
import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.exam.ExamReport;
import dev.apprentice.learner.exam.Examiners;
import dev.apprentice.learner.exam.GeneralAnswers;
import dev.apprentice.learner.exam.Verdict;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.recall.LiveAdapter;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.study.Task.Origin;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where one study after the other is done: trained, examined, and handed in. Belongs to the learner thread. */
final class Desk {
    private static final System.Logger LOG = System.getLogger(Desk.class.getName());

    private static final String NO_BETTER = "it passed, but is no better than the checkpoint that serves";

    private final Base base;
    private final StudyStore store;
    private final OpinionPlan opinions = OpinionPlan.DEFAULT;
    private final Attempts attempts;

    /** @param alone whether nothing else waits for the learner */
    Desk(
            Base base,
            Probes probes,
            StudyStore store,
            Recall recall,
            StudyPlan plan,
            RivalPlan rivals,
            ExamPlan examPlan,
            Examiners examiners,
            Predicate<Course> alone,
            Seams seams,
            StudyWatcher watcher) {
        this.base = base;
        this.store = store;
        var general = new GeneralAnswers(base, plan.anchorTokens(), plan.anchorBest());
        var exam = new Exam(base, probes, recall, general, examiners, examPlan);
        var candidates = new Candidates(base, probes, store, recall, plan, opinions, general, seams, watcher);
        attempts = new Attempts(store, candidates, exam, rivals, plan.retries(), alone, seams, watcher);
    }

    /** Studies what waits, and tries again what an exam did not let pass. */
    void study(Course course) throws InterruptedException {
        var id = course.id();
        boolean asked = course.begin();
        var live = store.live(id);
        var lessons = store.lessons(id);
        var standing = store.standing(id);
        var turnover = standing.turnover();
        var fresh = Course.fresh(lessons, live, asked);
        var old = Course.old(lessons, live);
        var heard = heard(course, live, asked);
        boolean enough = standing.awaiting().isEmpty()
                && heard.due() >= store.instance(id).policy().minLessonsToStudy();
        boolean due = heard.said() && (asked || enough);
        var lost = old.stream()
                .filter(lesson -> turnover.lost().contains(lesson.id()))
                .toList();
        if (fresh.isEmpty() && !due) { // what a live checkpoint has lost is learnt once more
            fresh = lost;
            old = old.stream().filter(lesson -> !lost.contains(lesson)).toList();
        }
        if (fresh.isEmpty() && !due) {
            course.settle(ids(lessons));
            return;
        }
        if (fresh.isEmpty() && !lost.isEmpty()) {
            course.repair(); // after what was judged
        }
        var weights = live == null ? null : store.weights(live);
        var failed =
                attempts.tried(course, new Task(Origin.STUDY, fresh, old, heard, weights, live, turnover), _ -> "");
        if (failed != null) {
            park(course, failed);
        }
    }

    /** Builds the weights anew from the base, on all lessons and judged answers that are or wait to be in them. */
    void rebuild(Course course, Rebuild why) throws InterruptedException {
        var id = course.id();
        var live = store.live(id);
        if (live == null) {
            return;
        }
        var standing = store.standing(id);
        var lessons = store.lessons(id);
        var fresh = Course.fresh(lessons, live, false);
        var old = Course.old(lessons, live);
        var heard = heard(course, live, false);
        LOG.log(
                Level.INFO,
                "rebuild instance=" + id + " why=" + why + " lessons=" + lessons.size() + " judged="
                        + heard.lessons().size());
        if (old.isEmpty() && heard.old().isEmpty()) { // nothing of what it was taught still holds
            store.toBase(id, "all lessons of checkpoint " + live.number() + " were taken back");
            return;
        }
        boolean mustBeat = why.mustBeat() && standing.withdrawn().isEmpty();
        var task = new Task(Origin.REBUILD, fresh, old, heard, null, live, standing.turnover());
        var failed = attempts.tried(course, task, report -> mustBeat && !beats(report) ? NO_BETTER : "");
        if (failed != null) {
            LOG.log(
                    Level.INFO,
                    "rebuild_failed instance=" + id + " why=" + why + " reason=\"" + failed.reason() + "\"");
        }
    }

    /** What was judged and can be learnt from; of what cannot be, the ledger is told why. */
    private Heard heard(Course course, @Nullable LiveAdapter live, boolean parked) {
        var judged = store.judged(course.id()).stream()
                .filter(it -> parked || it.lesson().state() != LessonState.PARKED)
                .toList();
        var made = JudgedItems.of(judged, base, store.instance(course.id()), opinions);
        if (!made.rejected().isEmpty()) {
            store.reject(course.id(), made.rejected());
        }
        var heard = Heard.of(judged, made.items(), live);
        var learnable = heard.lessons();
        course.settle(judged.stream() // says nothing yet, or never will
                .map(it -> it.lesson().id())
                .filter(lesson -> !learnable.contains(lesson))
                .toList());
        return heard;
    }

    /** Whether what passed is better than what serves: more lessons right, or more of their other wordings. */
    private static boolean beats(ExamReport report) {
        var figures = report.figures();
        return figures.gained() > report.lost().size() || figures.views() > figures.viewsLive();
    }

    /** Sets aside what could not be learnt; what could be is tried once more without it. */
    private void park(Course course, Attempts.Failed failed) {
        var report = failed.report();
        var offending = report == null || report.notLearnt().isEmpty() || report.verdict() == Verdict.TOO_FAR
                ? failed.offered()
                : new ArrayList<>(report.notLearnt());
        store.park(course.id(), offending, failed.reason());
        course.settle(offending);
    }

    private static List<String> ids(List<Lesson> lessons) {
        return lessons.stream().map(Lesson::id).toList();
    }
}
