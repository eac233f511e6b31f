package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.exam.Candidate;
import dev.apprentice.learner.exam.GeneralAnswers;
import dev.apprentice.learner.exam.Opinions;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Reference;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.study.StudyStatus.Phase;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Trains candidates and puts them into the registry, to be examined. Belongs to the learner thread. */
final class Candidates {
    /** How often each general prompt should come round in a study: fewer different ones for a short study. */
    private static final int ANCHOR_ROUNDS = 3;

    private static final int ANCHORS_MIN = 16;

    private final Base base;
    private final Probes probes;
    private final StudyStore store;
    private final Recall recall;
    private final StudyPlan plan;
    private final OpinionPlan opinions;
    private final GeneralAnswers general;
    private final Seams seams;
    private final StudyWatcher watcher;

    Candidates(
            Base base,
            Probes probes,
            StudyStore store,
            Recall recall,
            StudyPlan plan,
            OpinionPlan opinions,
            GeneralAnswers general,
            Seams seams,
            StudyWatcher watcher) {
        this.base = base;
        this.probes = probes;
        this.store = store;
        this.recall = recall;
        this.plan = plan;
        this.opinions = opinions;
        this.general = general;
        this.seams = seams;
        this.watcher = watcher;
    }

    /** A plan, and how it differs from the one that would be followed without rivals. */
    record Way(Variation variation, StudyPlan plan) {
        Way varied(Variation other) {
            return new Way(other, other.of(plan));
        }
    }

    /** A candidate with its name. */
    record Named(String name, Candidate examined) {}

    /**
     * Trains one.
     *
     * @param way by which plan
     * @param regressors ids of lessons that are read more often
     * @param look how many candidates were trained on these lessons before
     * @param given up from this moment on the study is of no use any more
     * @return null if it was stopped
     * @throws dev.apprentice.engine.FailedException if it collapsed
     */
    @Nullable
    Named train(Course course, Task task, Way way, Set<String> regressors, int look, BooleanSupplier given)
            throws InterruptedException {
        var instance = store.instance(course.id());
        var old = task.old();
        var heard = task.heard();
        var own = way.plan();
        long seed = seams.seeds().get();
        var known = new HashSet<String>();
        Stream.of(task.fresh(), old).flatMap(List::stream).forEach(lesson -> known.add(lesson.id()));
        var study = new Study(base, instance, own, opinions, interruptions(course, known, given), step -> {
            course.status(new StudyStatus(Phase.STUDYING, step.step(), step.steps()));
            watcher.step(step);
        });
        var outcome = study.run(new Study.Task(
                task.reads(),
                task.replays(),
                heard.items(),
                task.heardBefore(),
                store.references(course.id()),
                regressors,
                task.start(),
                anchors(instance, task.size()),
                seed));
        if (outcome == null) {
            return null;
        }
        recall.settle();
        var learnt = outcome.lessons().stream()
                .filter(lesson -> !old.contains(lesson))
                .toList();
        var all = Stream.concat(
                        Stream.of(learnt, old).flatMap(List::stream).map(Lesson::id),
                        outcome.judged().keySet().stream())
                .toList();
        var draft = new StudyStore.Draft(
                course.id(),
                task.parent(),
                outcome.adapter(),
                all,
                note(way, outcome, seed, look),
                task.origin().word());
        var made = store.candidate(draft);
        return new Named(
                made.candidate(),
                new Candidate(
                        instance,
                        made.adapter(),
                        outcome.adapter(),
                        own.adapter(base.layers()),
                        recall.fit(course.id(), outcome.leftOut()),
                        learnt,
                        old,
                        task.live(),
                        new Opinions(
                                heard.examined(outcome.judged()), opinions.holdMin(), heard.requests(outcome.judged())),
                        look,
                        task.turnover()));
    }

    /**
     * How {@code task} is done if nothing is varied: in the shape of what serves, which a rival may have won. What
     * begins at the base and is to learn facts gets adapters on all layers, where judgement needs the upper ones alone
     * (docs/learning.md).
     */
    Way usual(String instance, Task task) throws InterruptedException {
        var live = task.live();
        var start = task.start();
        var shape = start == null && live != null ? store.weights(live) : start;
        var like = plan.like(shape, base.layers()).reaching(start, base.layers());
        boolean anew = start == null && like.equals(plan);
        if (anew) {
            recall.settle(); // or it would not know all lessons yet
        }
        return new Way(Variation.AS_PLANNED, anew && recall.facts(instance) ? plan.shaped(plan.rank(), 0) : like);
    }

    /** Whether {@code variation} makes a difference for {@code task}. */
    boolean varies(Variation variation, Way usual, Task task) {
        var other = usual.varied(variation).plan();
        boolean another = variation.shape()
                ? !other.adapter(base.layers()).equals(usual.plan().adapter(base.layers()))
                : !other.equals(usual.plan());
        return another && (variation != Variation.MORE_REPLAY || !task.replays().isEmpty());
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

    private Study.Interruptions interruptions(Course course, Set<String> known, BooleanSupplier given) {
        return new Study.Interruptions() {
            @Override
            public List<Lesson> arrived() {
                var arrivals = course.arrivals();
                var lessons = arrivals.all()
                        ? store.lessons(course.id())
                        : arrivals.lessons().isEmpty()
                                ? List.<Lesson>of()
                                : store.lessons(course.id(), arrivals.lessons());
                return Course.fresh(lessons, null, false).stream()
                        .filter(lesson -> known.add(lesson.id()))
                        .toList();
            }

            @Override
            public void refer(Map<String, Reference> references) {
                store.refer(references);
            }

            @Override
            public boolean stopped() {
                return given.getAsBoolean() || Candidates.this.stopped(course);
            }
        };
    }

    /** Whether nobody wants what is studied for {@code course} any more. */
    boolean stopped(Course course) {
        try {
            return course.stopped() || store.instance(course.id()).frozen();
        } catch (NotFoundException e) {
            return true;
        }
    }

    private JsonNode note(Way way, Study.Outcome outcome, long seed, int look) {
        var note = JsonNodeFactory.instance.objectNode();
        note.set("plan", Notes.json(way.plan()));
        note.set("opinions", Notes.json(opinions));
        return note.put("variation", way.variation().word())
                .put("seed", seed)
                .put("look", look)
                .put("steps", outcome.steps())
                .put("tokens", outcome.tokens());
    }
}
