package dev.apprentice.learner.study;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.OptimStep;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.exam.GeneralAnswers;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One background training run: lessons in, an adapter out. Read {@link #run} as docs/learning.md.
 *
 * <p>Answers are trained without recalled examples in the context, so that what recall carried moves into the weights.
 * Only the taught answer is a target, its end-of-turn token included, each place once; whatever stands before it is
 * read and never trained. A study goes on from the live adapter and reads the old lessons again, so that a second study
 * adds to the first. A new lesson that comes in the first half takes part; one that comes later waits for the next
 * study.
 *
 * <p>Before it ends, the student is asked for what it was taught, and what it is not sure of is read some more (see
 * {@link Rehearsal}).
 *
 * <p>Judged answers are read beside the lessons at each fourth step, with a tenth of the loss. Where nothing else is
 * new, each step reads some, beside old lessons, at a tenth of the rate; it ends when all of them have moved far
 * enough.
 */
final class Study {
    private final Base base;
    private final Instance instance;
    private final StudyPlan plan;
    private final OpinionPlan opinions;
    private final Interruptions interruptions;
    private final Consumer<StudyStep> events;

    /** How often what the student is not sure of at the end is read again. */
    private static final int AGAIN_MAX = 2;

    /** What may change while a study runs. */
    interface Interruptions {
        /** Lessons given since last asked. */
        List<Lesson> arrived();

        /** Whether the study is of no use any more. */
        boolean stopped();

        /** Keeps what judged lessons are measured from from now on. */
        void refer(Map<String, Reference> references);
    }

    Study(
            Base base,
            Instance instance,
            StudyPlan plan,
            OpinionPlan opinions,
            Interruptions interruptions,
            Consumer<StudyStep> events) {
        this.base = base;
        this.instance = instance;
        this.plan = plan;
        this.opinions = opinions;
        this.interruptions = interruptions;
        this.events = events;
    }

    /**
     * What is studied.
     *
     * @param fresh lessons that the live adapter was not trained on
     * @param old those that it was
     * @param judged judged answers, new and old
     * @param judgedBefore ids of the lessons of old ones
     * @param references what those were measured from that were studied before, by lesson
     * @param regressors ids of lessons that an earlier candidate lost
     * @param start the live adapter, null for the base
     * @param anchors general prompts with the base's answers
     * @param seed of everything random
     */
    record Task(
            List<Lesson> fresh,
            List<Lesson> old,
            List<JudgedItem> judged,
            Set<String> judgedBefore,
            Map<String, Reference> references,
            Set<String> regressors,
            @Nullable LoraAdapter start,
            List<GeneralAnswers.Row> anchors,
            long seed) {
        Task {
            fresh = List.copyOf(fresh);
            old = List.copyOf(old);
            judged = List.copyOf(judged);
            judgedBefore = Set.copyOf(judgedBefore);
            references = Map.copyOf(references);
            regressors = Set.copyOf(regressors);
            anchors = List.copyOf(anchors);
        }

        /** Ids of the lessons of new judged answers. */
        Set<String> judgedNew() {
            return judged.stream()
                    .map(item -> item.lesson().id())
                    .filter(id -> !judgedBefore.contains(id))
                    .collect(Collectors.toSet());
        }

        /** Every lesson that is read, once. */
        Collection<Lesson> all() {
            var all = new LinkedHashMap<String, Lesson>();
            Stream.of(fresh.stream(), old.stream(), judged.stream().map(JudgedItem::lesson))
                    .flatMap(lessons -> lessons)
                    .forEach(lesson -> all.put(lesson.id(), lesson));
            return all.values();
        }
    }

    /**
     * What came of it.
     *
     * @param adapter the candidate's weights
     * @param lessons the new ones that it read, those that joined too
     * @param judged of each judged lesson that it read, whether it moved that way
     * @param leftOut of the lessons that were kept from it for a while, what probability it gave to the right answer
     *     then
     * @param steps how many it took
     * @param tokens how many it read
     */
    record Outcome(
            LoraAdapter adapter,
            List<Lesson> lessons,
            Map<String, Boolean> judged,
            Map<String, Double> leftOut,
            int steps,
            long tokens) {}

    /**
     * Studies.
     *
     * @return what came of it, null if it was stopped
     * @throws dev.apprentice.engine.FailedException if it collapsed
     */
    @Nullable
    Outcome run(Task task) throws InterruptedException {
        var random = Seams.random(task.seed());
        var mixture = new Mixture(plan, task.fresh(), task.old(), task.regressors(), random);
        var weighing = Weighing.of(task.all(), opinions);
        var deck = new JudgedDeck(opinions, task.judged(), task.judgedNew(), weighing, random);
        var anchor = new Anchor(plan, task.anchors(), random);
        var guard = new CollapseGuard();
        var lessons = new ArrayList<>(task.fresh());
        var leftOut = new HashMap<String, Double>();
        boolean judgedOnly = task.fresh().isEmpty();
        var pace = new Pace(plan, judgedOnly ? deck::steps : mixture::steps);
        int again = 0;
        long tokens = 0;
        try (var student = base.training().student(plan.adapter(base.layers()), task.start(), task.seed())) {
            var rehearsal = new Rehearsal(base, instance, student, interruptions::stopped);
            if (!judgedOnly && task.start() != null && plan.oldShare() > 0) {
                rehearsal.before(task.old(), task.regressors(), random);
            }
            var found = deck.refer(student, task.references());
            if (!found.isEmpty()) {
                interruptions.refer(found);
            }
            while (true) {
                if (interruptions.stopped()) {
                    return null;
                }
                if (pace.done()) {
                    var unsure = judgedOnly || again == AGAIN_MAX ? List.<Lesson>of() : rehearsal.unsure(lessons);
                    if (unsure == null) {
                        return null;
                    }
                    if (unsure.isEmpty()) {
                        break;
                    }
                    again++;
                    pace.again(mixture.again(unsure));
                }
                if (pace.early() && !judgedOnly) {
                    var arrived = interruptions.arrived();
                    mixture.join(arrived);
                    lessons.addAll(arrived);
                }
                if (pace.falling() && !mixture.leftOut().isEmpty()) {
                    var out = mixture.leftOut();
                    var probable = rehearsal.probabilities(out);
                    for (int i = 0; probable != null && i < out.size(); i++) {
                        leftOut.put(out.get(i).id(), probable.get(i));
                    }
                    mixture.joinLeftOut();
                }
                var read = rows(mixture.draw(), weighing); //                    1  new | old
                var judged = judgedOnly
                        ? deck.draw(student, 1)
                        : (pace.step() + 1) % opinions.every() == 0
                                ? deck.draw(student, opinions.share())
                                : List.<TrainingRow>of(); //                        | judged answers
                if (judgedOnly && judged.isEmpty()) {
                    pace.stepped(deck.left()); // AdamW would go on by its momentum, however small the gradient
                    continue;
                }
                var general = anchor.draw(); //                                     | general prompts
                var all = joined(read, judged, general);
                var seen = student.forwardBackward(all); //                      2  gradients
                var nats = seen.rows().subList(all.size() - general.size(), all.size());
                guard.nats(nats); //                                             3  collapse → aborted
                double rate = plan.rate(pace.stage(), base.parameters()) * (judgedOnly ? deck.share() : 1);
                double norm = student.optimStep(OptimStep.at(rate)); //          4  one AdamW step
                guard.norm(norm);
                anchor.saw(nats, pace.step()); //                                5  the anchor's price
                double logprob = mean(seen.rows().subList(0, read.size()));
                int count = count(all);
                tokens += count;
                events.accept(new StudyStep(
                        instance.id(), pace.step(), pace.most(), logprob, mean(nats), anchor.weight(), norm, count));
                pace.stepped(judgedOnly ? deck.left() : -logprob); //            6  enough?
            }
            return new Outcome(student.snapshot(), lessons, deck.judge(student), leftOut, pace.step(), tokens);
        }
    }

    private List<TrainingRow> rows(List<Mixture.Reading> readings, Weighing weighing) {
        double all = readings.stream().mapToDouble(r -> weighing.of(r.lesson())).sum();
        return readings.stream()
                .map(reading -> {
                    var span = Rehearsal.span(base, instance, reading.lesson(), reading.messages());
                    double weight = all == 0 ? 0 : weighing.of(reading.lesson()) / all;
                    return new TrainingRow(span.tokens(), span.prompt().length, new Loss.CrossEntropy(weight));
                })
                .toList();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    private static int count(List<TrainingRow> rows) {
        return rows.stream().mapToInt(row -> row.tokens().length).sum();
    }

    private static List<TrainingRow> joined(List<TrainingRow> a, List<TrainingRow> b, List<TrainingRow> c) {
        return Stream.of(a, b, c).flatMap(List::stream).toList();
    }
}
