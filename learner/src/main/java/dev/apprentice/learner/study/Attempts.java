package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.Seams;
import dev.apprentice.learner.exam.Exam;
import dev.apprentice.learner.exam.ExamReport;
import dev.apprentice.learner.exam.Verdict;
import dev.apprentice.learner.instance.Approval;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.study.Candidates.Named;
import dev.apprentice.learner.study.Candidates.Way;
import dev.apprentice.learner.study.StudyPart.Kind;
import dev.apprentice.learner.study.StudyPart.Outcome;
import dev.apprentice.learner.study.StudyStatus.Phase;
import dev.apprentice.learner.study.Task.Origin;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Trains and examines until a candidate passes. Belongs to the learner thread.
 *
 * <p>Each candidate is a look at the same lessons, and the exam asks for more evidence at each (docs/learning.md); so
 * rivals take looks from the retries, and luck has no more tries than without them.
 */
final class Attempts {
    private static final System.Logger LOG = System.getLogger(Attempts.class.getName());

    private final StudyStore store;
    private final Candidates candidates;
    private final Exam exam;
    private final RivalPlan rivals;
    private final int retries;
    private final Predicate<Course> alone;
    private final Seams seams;
    private final StudyWatcher watcher;

    /** @param alone whether nothing else waits for the learner: only then rivals are trained */
    Attempts(
            StudyStore store,
            Candidates candidates,
            Exam exam,
            RivalPlan rivals,
            int retries,
            Predicate<Course> alone,
            Seams seams,
            StudyWatcher watcher) {
        this.store = store;
        this.candidates = candidates;
        this.exam = exam;
        this.rivals = rivals;
        this.retries = retries;
        this.alone = alone;
        this.seams = seams;
        this.watcher = watcher;
    }

    /** A task that came to nothing. */
    record Failed(List<String> offered, @Nullable ExamReport report, String reason) {}

    /**
     * A candidate that sat its exam.
     *
     * @param reason what speaks against it, empty if nothing does
     */
    private record Sat(Variation variation, Named candidate, Task task, ExamReport report, String reason) {
        boolean passed() {
            return reason.isEmpty();
        }

        String name() {
            return candidate.name();
        }
    }

    /** What is tried, and what came of it so far. */
    private static final class State {
        private final Course course;
        private final Function<ExamReport, String> objection;
        private Task task;
        private Set<String> regressors;
        private int look;
        private @Nullable ExamReport report;
        private String reason = "";

        State(Course course, Task task, Function<ExamReport, String> objection) {
            this.course = course;
            this.task = task;
            this.objection = objection;
            regressors = task.turnover().lost();
        }
    }

    /**
     * Trains and examines, and tries again what did not pass, each time from the same start.
     *
     * @param objection what speaks against one that passed, empty if nothing does
     * @return what came to nothing; null if a candidate passed or the study was stopped
     */
    @Nullable
    Failed tried(Course course, Task given, Function<ExamReport, String> objection) throws InterruptedException {
        var state = new State(course, given, objection);
        while (state.look <= retries) {
            boolean first = state.look == 0;
            if (!first) {
                state.task = state.task.again();
            }
            var sat = round(
                    state, first ? ways(state.task, course.id()) : List.of(candidates.usual(course.id(), state.task)));
            if (sat == null) {
                return null; // stopped: whatever waits, waits
            }
            if (sat.stream().anyMatch(Sat::passed)) {
                decide(course, sat);
                return null;
            }
            sat.forEach(one -> store.failed(course.id(), one.name(), note(sat, one, null), one.reason()));
            if (!sat.isEmpty()) {
                var one = sat.getFirst();
                state.report = one.report();
                state.reason = one.reason();
                state.regressors = state.task.regressors(one.report());
                if (one.report().verdict() == Verdict.PASSED) {
                    break; // nothing was wrong with it: another seed would be tried for luck
                }
            }
        }
        return new Failed(state.task.offered(), state.report, state.reason);
    }

    /** Who competes for {@code task}: more than one only where it is short, and by no more plans than there are. */
    private List<Way> ways(Task task, String instance) throws InterruptedException {
        var usual = candidates.usual(instance, task);
        int most = Math.min(rivals.candidates(), 1 + retries);
        if (most == 1
                || task.origin() == Origin.REBUILD
                || task.fresh().isEmpty()
                || task.size() > rivals.lessonsMax()) {
            return List.of(usual);
        }
        boolean anew = task.fromBase().size() <= rivals.lessonsMax();
        var eligible = Arrays.stream(Variation.values())
                .filter(plan -> candidates.varies(plan, usual, task) && (anew || !plan.shape()))
                .toList();
        var contest = new Contest(store.reports(instance));
        return contest.drawn(most, eligible, Seams.random(seams.seeds().get())).stream()
                .map(usual::varied)
                .toList();
    }

    /**
     * Trains and examines one candidate by each of {@code ways}, the later ones only while nothing else waits.
     *
     * @return those that sat, null if the study was stopped before one had
     */
    private @Nullable List<Sat> round(State state, List<Way> ways) throws InterruptedException {
        var course = state.course;
        var sat = new ArrayList<Sat>();
        for (int i = 0; i < ways.size(); i++) {
            var way = ways.get(i);
            boolean rival = i > 0;
            if (rival && !alone.test(course)) {
                break;
            }
            var task = rival && way.variation().shape() ? state.task.fromBase() : state.task;
            int look = state.look++;
            var work = new Work(course.id(), task.lessons(), look, now());
            Named candidate;
            try {
                candidate =
                        candidates.train(course, task, way, state.regressors, look, () -> rival && !alone.test(course));
            } catch (FailedException e) {
                state.reason = rival ? state.reason : String.valueOf(e.getMessage()); // collapsed: another seed may do
                over(work, Kind.STUDY, Outcome.COLLAPSED, null);
                LOG.log(
                        Level.WARNING,
                        "study_collapsed instance=" + course.id() + " look=" + look + " code=" + e.code());
                continue;
            }
            if (candidate == null) {
                over(work, Kind.STUDY, Outcome.STOPPED, null);
                if (sat.isEmpty()) {
                    return null;
                }
                break;
            }
            over(work, Kind.STUDY, Outcome.TRAINED, candidate);
            var read = candidate.examined().fresh();
            state.task = rival ? state.task : state.task.with(read); // what joined the first is read by its rivals, too
            sat.add(examined(state, way.variation(), task.with(read), candidate, look));
        }
        return sat;
    }

    private Sat examined(State state, Variation variation, Task task, Named candidate, int look)
            throws InterruptedException {
        var course = state.course;
        var work = new Work(course.id(), task.lessons(), look, now());
        course.status(new StudyStatus(Phase.EXAMINING, 0, 0));
        var report = exam.hold(candidate.examined());
        var reason = report.verdict() == Verdict.PASSED ? state.objection.apply(report) : report.reason();
        var sat = new Sat(variation, candidate, task, report, reason);
        over(work, Kind.EXAM, sat.passed() ? Outcome.PASSED : Outcome.FAILED, candidate);
        if (!sat.passed()) {
            LOG.log(
                    Level.INFO,
                    "exam_failed instance=" + course.id() + " candidate=" + candidate.name() + " look=" + look
                            + " reason=\"" + reason + "\"");
        }
        return sat;
    }

    /** The best of those that passed serves, the others are kept with the reason. */
    private void decide(Course course, List<Sat> sat) {
        var passed = sat.stream().filter(Sat::passed).toList();
        var winner = passed.get(Contest.best(passed.stream().map(Sat::report).toList()));
        for (var loser : sat) {
            if (!loser.equals(winner)) {
                var reason = loser.passed()
                        ? Contest.lost(loser.report(), winner.name(), winner.variation(), winner.report())
                        : loser.reason();
                store.failed(course.id(), loser.name(), note(sat, loser, winner), reason);
            }
        }
        passed(course, winner, note(sat, winner, winner));
    }

    private static JsonNode note(List<Sat> sat, Sat one, @Nullable Sat winner) {
        if (sat.size() == 1) {
            return Notes.json(one.report());
        }
        var against =
                sat.stream().filter(other -> !other.equals(one)).map(Sat::name).toList();
        return Contest.noted(one.report(), one.variation(), one.equals(winner), against);
    }

    private void passed(Course course, Sat sat, JsonNode note) {
        var instance = store.instance(course.id());
        var report = sat.report();
        boolean promote = instance.policy().autoPromote() && instance.policy().approval() == Approval.NONE;
        var examined = sat.candidate().examined();
        store.passed(course.id(), sat.name(), note, examined.fit().json(), report.passes(), promote);
        course.settle(examined.fresh().stream().map(Lesson::id).toList());
        course.settle(sat.task().heard().lessons());
        if (!report.lost().isEmpty()) {
            course.repair();
        }
        LOG.log(
                Level.INFO,
                "exam_passed instance=" + course.id() + " candidate=" + sat.name() + " plan="
                        + sat.variation().word() + " promoted=" + promote + " lessons="
                        + report.figures().lessons());
    }

    /** What is being done. */
    private record Work(String instance, int lessons, int look, Instant began) {}

    private void over(Work work, Kind kind, Outcome outcome, @Nullable Named candidate) {
        var name = candidate == null ? null : candidate.name();
        watcher.over(
                new StudyPart(work.instance(), kind, outcome, name, work.lessons(), work.look(), work.began(), now()));
    }

    private Instant now() {
        return seams.clock().instant();
    }
}
