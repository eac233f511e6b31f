package dev.apprentice.learner.recall;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Questions;
import dev.apprentice.learner.base.Span;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Right;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how an instance's lessons act, on its own lessons: each is asked as if it had not been given. Lessons that
 * the live weights were trained on cannot judge between weights and recall, because the weights know them by heart;
 * only those given since are asked.
 */
final class Fitting {
    /** Below this share of right votes, examples are tried beside them; above it they are not worth their time. */
    private static final double VOTES_GOOD = 0.8;

    private final Base base;
    private final RecallSettings settings;
    private final Texts texts;

    Fitting(Base base, RecallSettings settings, Texts texts) {
        this.base = base;
        this.settings = settings;
        this.texts = texts;
    }

    /** What holds while there are too few lessons to choose by. */
    RecallFit early(LessonIndex index) {
        int count = index.size();
        return index.small()
                ? new RecallFit(true, 0, 0.5, early(index, settings.temperatures()), count)
                : new RecallFit(false, Math.min(settings.earlyExamples(), count), 0, 0.1, count);
    }

    /** Of many lessons each judgement is a look-up: until some were asked, the middle of what is tried must do. */
    private double early(LessonIndex index, List<Double> temperatures) {
        return index instanceof WholeIndex ? temperature(index.judged()) : temperatures.get(temperatures.size() / 2);
    }

    /** The temperature under which the votes, each lesson left out, are worth most. */
    double temperature(List<Judged> judged) {
        return settings.temperatures().stream()
                .max(Comparator.comparingDouble(temperature -> logWeight(judged, temperature)))
                .orElseThrow();
    }

    /** Mean log-weight of the right answer by the others' votes: a proper score. */
    private static double logWeight(List<Judged> judged, double temperature) {
        double sum = 0;
        for (var one : judged) {
            sum += Math.log(Math.max(one.weight(temperature), 1e-9));
        }
        return sum / judged.size();
    }

    /** Chooses by asking. */
    RecallFit fit(LessonIndex index, Instance instance, @Nullable LiveAdapter live) throws InterruptedException {
        int count = index.size();
        if (!index.small()) {
            return new RecallFit(false, examples(index, instance, live).examples(), 0, 0.1, count);
        }
        var judged = index.judged();
        double votesRight = judged.stream().filter(Judged::right).count() / (double) judged.size();
        if (votesRight < VOTES_GOOD) {
            var byExamples = examples(index, instance, live);
            if (byExamples.right() > votesRight) {
                return new RecallFit(true, byExamples.examples(), 0, 0.1, count);
            }
        }
        double temperature = temperature(judged);
        return new RecallFit(true, 0, lambda(judged, temperature, instance, live), temperature, count);
    }

    /** What holds beside weights that were just trained on these lessons. */
    RecallFit after(LessonIndex index, Map<String, Double> leftOut) {
        int count = index.size();
        if (!index.small()) {
            return new RecallFit(false, 0, 0, 0.1, count); // weights that know the job only suffer from examples (§12)
        }
        double temperature = temperature(index.judged());
        var judges = index.judged(leftOut.keySet());
        var model = judges.stream()
                .mapToDouble(one -> leftOut.getOrDefault(one.entry().id(), 0.0))
                .toArray();
        var given = judges.stream().mapToDouble(one -> one.weight(temperature)).toArray();
        return new RecallFit(true, 0, Mixing.lambda(model, given, settings.lambdaMost()), temperature, count);
    }

    private double lambda(List<Judged> judged, double temperature, Instance instance, @Nullable LiveAdapter live)
            throws InterruptedException {
        var honest = honest(judged, one -> one.entry().id(), live, 2 * settings.fitQuestionsMax());
        var lessons = texts.of(instance.id(), honest.stream().map(Judged::entry).toList());
        if (lessons.size() < honest.size()) {
            throw gone();
        }
        var requests = lessons.stream()
                .map(lesson -> forced(span(lesson, instance), live))
                .toList();
        var answers = Questions.ask(base, requests);
        var model = answers.stream()
                .mapToDouble(answer -> Math.exp(answer.tokens().stream()
                        .mapToDouble(SampledToken::logprob)
                        .sum()))
                .toArray();
        var given = honest.stream().mapToDouble(one -> one.weight(temperature)).toArray();
        return Mixing.lambda(model, given, settings.lambdaMost());
    }

    /** How many examples serve best; the fewest of equals, and none where nobody can judge. */
    private ByExamples examples(LessonIndex index, Instance instance, @Nullable LiveAdapter live)
            throws InterruptedException {
        var honest = honest(index.asked(), Entry::id, live, settings.fitQuestionsMax());
        var best = new ByExamples(0, 0);
        if (honest.isEmpty()) {
            return best;
        }
        var lessons = texts.of(instance.id(), honest);
        if (lessons.size() < honest.size()) {
            throw gone();
        }
        for (int count : settings.examples()) {
            var requests = new ArrayList<GenerationRequest>();
            for (int i = 0; i < honest.size(); i++) {
                var entry = honest.get(i);
                var lesson = lessons.get(i);
                var nearest = index.around(entry.question(), entry.id()).nearest(entry.question(), count, entry.id());
                var turns = turns(texts.of(instance.id(), nearest));
                var messages = Conversation.under(instance.systemPrompt(), lesson.messages());
                int tokens = span(lesson, instance).answer().length;
                requests.add(GenerationRequest.of(
                                base.prompt(Conversation.with(turns, messages), lesson.tools()),
                                SamplingParams.greedy(tokens + 8))
                        .by(live == null ? null : live.adapter()));
            }
            var answers = Questions.ask(base, requests);
            double right = IntStream.range(0, answers.size())
                            .filter(q -> Right.holds(
                                    instance.policy().match(), answers.get(q).text(), lessons.get(q)))
                            .count()
                    / (double) answers.size();
            best = right > best.right() ? new ByExamples(count, right) : best;
        }
        return best;
    }

    /** Lessons as turns, the most similar last. */
    static List<ChatMessage> turns(List<Lesson> nearest) {
        var turns = new ArrayList<ChatMessage>();
        for (var lesson : nearest.reversed()) {
            lesson.messages().stream()
                    .filter(message -> !Conversation.system(message))
                    .forEach(turns::add);
            turns.add(lesson.reply());
        }
        return turns;
    }

    private static ConflictException gone() {
        return new ConflictException("lesson_gone", "a lesson was taken back while it was asked", Fault.NONE);
    }

    private Span span(Lesson lesson, Instance instance) {
        return base.span(
                Conversation.under(instance.systemPrompt(), lesson.messages()), lesson.tools(), lesson.reply());
    }

    private static GenerationRequest forced(Span span, @Nullable LiveAdapter live) {
        int length = span.answer().length - 1;
        var answer = Arrays.stream(span.answer(), 0, length).boxed().toList();
        return GenerationRequest.of(span.prompt(), SamplingParams.greedy(Math.max(1, length)))
                .by(live == null ? null : live.adapter())
                .guided(new AnswerGuide.Forced(answer));
    }

    /** At most {@code most} of {@code lessons} that the weights do not know, evenly spread. */
    private static <T> List<T> honest(List<T> lessons, Function<T, String> id, @Nullable LiveAdapter live, int most) {
        var unknown = lessons.stream()
                .filter(lesson -> live == null || !live.lessons().contains(id.apply(lesson)))
                .toList();
        return GateFitting.spread(unknown.size(), most).mapToObj(unknown::get).toList();
    }

    /** How right the best number of examples was. */
    private record ByExamples(int examples, double right) {}
}
