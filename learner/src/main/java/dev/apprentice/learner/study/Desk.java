package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.exam.Candidate;
import dev.apprentice.learner.exam.Exam;
import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.exam.ExamReport;
import dev.apprentice.learner.exam.GeneralAnswers;
import dev.apprentice.learner.exam.Verdict;
import dev.apprentice.learner.instance.Approval;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.recall.LiveAdapter;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.study.StudyPart.Kind;
import dev.apprentice.learner.study.StudyPart.Outcome;
import dev.apprentice.learner.study.StudyStatus.Phase;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where one study after the other is done: trained, examined, and handed in. Belongs to the learner thread. */
final class Desk {
    private static final System.Logger LOG = System.getLogger(Desk.class.getName());

    /** How often each general prompt should come round in a study: fewer different ones for a short study. */
    private static final int ANCHOR_ROUNDS = 3;

    private static final int ANCHORS_MIN = 16;

    private final Base base;
    private final Probes probes;
    private final StudyStore store;
    private final Recall recall;
    private final StudyPlan plan;
    private final GeneralAnswers general;
    private final Exam exam;
    private final Seams seams;
    private final StudyWatcher watcher;

    Desk(
            Base base,
            Probes probes,
            StudyStore store,
            Recall recall,
            StudyPlan plan,
            ExamPlan examPlan,
            Seams seams,
            StudyWatcher watcher) {
        this.base = base;
        this.probes = probes;
        this.store = store;
        this.recall = recall;
        this.plan = plan;
        this.seams = seams;
        this.watcher = watcher;
        general = new GeneralAnswers(base, plan.anchorTokens(), plan.anchorBest());
        exam = new Exam(base, probes, recall, general, examPlan);
    }

    /** Studies what waits, and tries again what an exam did not let pass. */
    void study(Course course) throws InterruptedException {
        var id = course.id();
        boolean asked = course.begin();
        var live = store.live(id);
        var lessons = store.lessons(id);
        var fresh = Course.fresh(lessons, live, asked);
        var old = Course.old(lessons, live);
        if (fresh.isEmpty()) {
            course.settle(ids(lessons));
            return;
        }
        Set<String> regressors = Set.of();
        ExamReport report = null;
        var reason = "";
        for (int look = 0; look <= plan.retries(); look++) {
            Named candidate;
            var work = new Work(id, fresh.size(), look, now());
            try {
                candidate = trained(course, fresh, old, regressors, live, look);
            } catch (FailedException e) {
                reason = String.valueOf(e.getMessage()); // collapsed: another seed may do
                over(work, Kind.STUDY, Outcome.COLLAPSED, null);
                LOG.log(Level.WARNING, "study_collapsed instance=" + id + " look=" + look + " code=" + e.code());
                continue;
            }
            if (candidate == null) {
                over(work, Kind.STUDY, Outcome.STOPPED, null);
                return; // stopped: whatever waits, waits
            }
            over(work, Kind.STUDY, Outcome.TRAINED, candidate);
            fresh = candidate.examined().fresh();
            work = new Work(id, fresh.size(), look, now());
            course.status(new StudyStatus(Phase.EXAMINING, 0, 0));
            report = exam.hold(candidate.examined());
            var passed = report.verdict() == Verdict.PASSED;
            over(work, Kind.EXAM, passed ? Outcome.PASSED : Outcome.FAILED, candidate);
            if (passed) {
                passed(course, candidate, report);
                return;
            }
            LOG.log(
                    Level.INFO,
                    "exam_failed instance=" + id + " candidate=" + candidate.name() + " look=" + look + " reason=\""
                            + report.reason() + "\"");
            store.failed(id, candidate.name(), Notes.json(report), report.reason());
            reason = report.reason();
            regressors = new HashSet<>(report.lost());
            regressors.addAll(report.notLearnt());
        }
        park(course, fresh, report, reason);
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

    /** A candidate with its name. */
    private record Named(String name, Candidate examined) {}

    private @Nullable Named trained(
            Course course,
            List<Lesson> fresh,
            List<Lesson> old,
            Set<String> regressors,
            @Nullable LiveAdapter live,
            int look)
            throws InterruptedException {
        var instance = store.instance(course.id());
        LoraAdapter start = live == null ? null : store.weights(live);
        long seed = seams.seeds().get();
        var known = new HashSet<String>();
        Stream.of(fresh, old).flatMap(List::stream).forEach(lesson -> known.add(lesson.id()));
        var study = new Study(base, instance, plan, interruptions(course, known), step -> {
            course.status(new StudyStatus(Phase.STUDYING, step.step(), step.steps()));
            watcher.step(step);
        });
        var task = new Study.Task(fresh, old, regressors, start, anchors(instance, fresh.size()), seed);
        var outcome = study.run(task);
        if (outcome == null) {
            return null;
        }
        recall.settle();
        var all = Stream.of(outcome.lessons(), old)
                .flatMap(List::stream)
                .map(Lesson::id)
                .toList();
        var parent = live == null ? null : live.number();
        var draft = new StudyStore.Draft(course.id(), parent, outcome.adapter(), all, note(outcome, seed, look));
        var made = store.candidate(draft);
        return new Named(
                made.candidate(),
                new Candidate(
                        instance,
                        made.adapter(),
                        outcome.adapter(),
                        plan.adapter(base.layers()),
                        recall.fit(course.id(), outcome.leftOut()),
                        outcome.lessons(),
                        old,
                        live,
                        look));
    }

    private List<GeneralAnswers.Row> anchors(Instance instance, int fresh) throws InterruptedException {
        int steps = Math.max(plan.stepsMin(), plan.passesMax() * fresh / plan.rows());
        int count = Math.max(ANCHORS_MIN, steps * plan.anchorRows() / ANCHOR_ROUNDS);
        return plan.anchorRows() == 0
                ? List.of()
                : general.rows(
                        instance.systemPrompt(),
                        probes.practice().stream()
                                .limit(Math.min(count, Probes.SAMPLE))
                                .toList());
    }

    private Study.Interruptions interruptions(Course course, Set<String> known) {
        return new Study.Interruptions() {
            @Override
            public List<Lesson> arrived() {
                return course.news()
                        ? Course.fresh(store.lessons(course.id()), null, false).stream()
                                .filter(lesson -> known.add(lesson.id()))
                                .toList()
                        : List.of();
            }

            @Override
            public boolean stopped() {
                try {
                    return course.stopped() || store.instance(course.id()).frozen();
                } catch (NotFoundException e) {
                    return true;
                }
            }
        };
    }

    private JsonNode note(Study.Outcome outcome, long seed, int look) {
        var note = JsonNodeFactory.instance.objectNode();
        note.set("plan", Notes.json(plan));
        return note.put("seed", seed)
                .put("look", look)
                .put("steps", outcome.steps())
                .put("tokens", outcome.tokens());
    }

    private void passed(Course course, Named candidate, ExamReport report) {
        var instance = store.instance(course.id());
        boolean promote = instance.policy().autoPromote() && instance.policy().approval() == Approval.NONE;
        var fit = candidate.examined().fit();
        store.passed(course.id(), candidate.name(), Notes.json(report), fit.json(), report.passes(), promote);
        course.settle(ids(candidate.examined().fresh()));
        LOG.log(
                Level.INFO,
                "exam_passed instance=" + course.id() + " candidate=" + candidate.name() + " promoted=" + promote
                        + " lessons=" + report.figures().lessons());
    }

    /** Sets aside what could not be learnt; what could be is tried once more without it. */
    private void park(Course course, List<Lesson> fresh, @Nullable ExamReport report, String reason) {
        var offending = report == null || report.notLearnt().isEmpty() || report.verdict() == Verdict.TOO_FAR
                ? ids(fresh)
                : new ArrayList<>(report.notLearnt());
        store.park(course.id(), offending, reason);
        course.settle(offending);
    }

    private static List<String> ids(List<Lesson> lessons) {
        return lessons.stream().map(Lesson::id).toList();
    }
}
