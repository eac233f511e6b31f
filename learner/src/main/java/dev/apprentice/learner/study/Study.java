package dev.apprentice.learner.study;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.OptimStep;
import dev.apprentice.engine.training.Student;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Span;
import dev.apprentice.learner.exam.GeneralAnswers;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One background training run: lessons in, an adapter out. Read {@link #run} as LEARNING.md, section 9, STUDY.
 *
 * <p>Answers are trained without recalled examples in the context, so that what recall carried moves into the weights.
 * Only the taught answer is a target, its end-of-turn token included, each place once; whatever stands before it is
 * read and never trained. A study goes on from the live adapter and reads the old lessons again, so that a second study
 * adds to the first. A new lesson that comes in the first half takes part; one that comes later waits for the next
 * study.
 */
final class Study {
    private final Base base;
    private final Instance instance;
    private final StudyPlan plan;
    private final Interruptions interruptions;
    private final Consumer<StudyStep> events;

    /** What may change while a study runs. */
    interface Interruptions {
        /** Lessons given since last asked. */
        List<Lesson> arrived();

        /** Whether the study is of no use any more. */
        boolean stopped();
    }

    Study(Base base, Instance instance, StudyPlan plan, Interruptions interruptions, Consumer<StudyStep> events) {
        this.base = base;
        this.instance = instance;
        this.plan = plan;
        this.interruptions = interruptions;
        this.events = events;
    }

    /**
     * What is studied.
     *
     * @param fresh lessons that the live adapter was not trained on
     * @param old those that it was
     * @param regressors ids of lessons that an earlier candidate lost
     * @param start the live adapter, null for the base
     * @param anchors general prompts with the base's answers
     * @param seed of everything random
     */
    record Task(
            List<Lesson> fresh,
            List<Lesson> old,
            Set<String> regressors,
            @Nullable LoraAdapter start,
            List<GeneralAnswers.Row> anchors,
            long seed) {
        Task {
            fresh = List.copyOf(fresh);
            old = List.copyOf(old);
            regressors = Set.copyOf(regressors);
            anchors = List.copyOf(anchors);
        }
    }

    /**
     * What came of it.
     *
     * @param adapter the candidate's weights
     * @param lessons the new ones that it read, those that joined too
     * @param leftOut of the lessons that were kept from it for a while, what probability it gave to the right answer
     *     then
     * @param steps how many it took
     * @param tokens how many it read
     */
    record Outcome(LoraAdapter adapter, List<Lesson> lessons, Map<String, Double> leftOut, int steps, long tokens) {}

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
        var anchor = new Anchor(plan, task.anchors(), random);
        var guard = new CollapseGuard();
        var lessons = new ArrayList<>(task.fresh());
        var leftOut = new HashMap<String, Double>();
        var pace = new Pace(plan, mixture);
        long tokens = 0;
        try (var student = base.training().student(plan.adapter(base.layers()), task.start(), task.seed())) {
            while (!pace.done()) {
                if (interruptions.stopped()) {
                    return null;
                }
                if (pace.early()) {
                    var arrived = interruptions.arrived();
                    mixture.join(arrived);
                    lessons.addAll(arrived);
                }
                if (pace.falling() && !mixture.leftOut().isEmpty()) {
                    leftOut.putAll(judged(mixture.leftOut(), student));
                    mixture.joinLeftOut();
                }
                var read = rows(mixture.draw()); //                              1  new | old
                var general = anchor.draw(); //                                     | general prompts
                var seen = student.forwardBackward(joined(read, general)); //    2  gradients
                var nats = seen.rows().subList(read.size(), seen.rows().size());
                guard.nats(nats); //                                             3  collapse → aborted
                double rate = plan.rate(pace.stage(), base.parameters());
                double norm = student.optimStep(OptimStep.at(rate)); //          4  one AdamW step
                guard.norm(norm);
                anchor.saw(nats, pace.step()); //                                5  the anchor's price
                double logprob = mean(seen.rows().subList(0, read.size()));
                int count = count(read) + count(general);
                tokens += count;
                events.accept(new StudyStep(
                        instance.id(), pace.step(), pace.most(), logprob, mean(nats), anchor.weight(), norm, count));
                pace.stepped(logprob); //                                        6  enough?
            }
            return new Outcome(student.snapshot(), lessons, leftOut, pace.step(), tokens);
        }
    }

    private List<TrainingRow> rows(List<Mixture.Reading> readings) {
        double trust = readings.stream().mapToDouble(r -> r.lesson().trust()).sum();
        return readings.stream()
                .map(reading -> {
                    var span = span(reading.lesson(), reading.messages());
                    double weight = trust == 0 ? 0 : reading.lesson().trust() / trust;
                    return new TrainingRow(span.tokens(), span.prompt().length, new Loss.CrossEntropy(weight));
                })
                .toList();
    }

    private Span span(Lesson lesson, List<ChatMessage> messages) {
        return base.span(Conversation.under(instance.systemPrompt(), messages), lesson.tools(), lesson.reply());
    }

    /** The probability that the student gives to the right answers of lessons that it has not read. */
    private Map<String, Double> judged(List<Lesson> lessons, Student student) throws InterruptedException {
        var rows = lessons.stream()
                .map(lesson -> {
                    var span = span(lesson, lesson.messages());
                    return new TrainingRow(span.tokens(), span.prompt().length, new Loss.CrossEntropy(1));
                })
                .toList();
        var logprobs = student.measure(rows);
        var judged = new HashMap<String, Double>();
        for (int i = 0; i < rows.size(); i++) {
            judged.put(
                    lessons.get(i).id(), Math.exp(logprobs.get(i) * rows.get(i).answerTokens()));
        }
        return judged;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    private static int count(List<TrainingRow> rows) {
        return rows.stream().mapToInt(row -> row.tokens().length).sum();
    }

    private static List<TrainingRow> joined(List<TrainingRow> a, List<TrainingRow> b) {
        var all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
