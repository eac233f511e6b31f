package dev.apprentice.learner.recall;

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
import dev.apprentice.learner.lesson.Right;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

    Fitting(Base base, RecallSettings settings) {
        this.base = base;
        this.settings = settings;
    }

    /** What holds while there are too few lessons to choose by. */
    RecallFit early(LessonIndex index) {
        int count = index.entries().size();
        return index.small()
                ? new RecallFit(true, 0, 0.5, temperature(index.known()), count)
                : new RecallFit(false, Math.min(settings.earlyExamples(), count), 0, 0.1, count);
    }

    /** The temperature under which the votes, each lesson left out, are worth most. */
    double temperature(Votes votes) {
        return settings.temperatures().stream()
                .max(Comparator.comparingDouble(votes::logWeightLeftOut))
                .orElseThrow();
    }

    /** Chooses by asking. */
    RecallFit fit(LessonIndex index, Instance instance, @Nullable LiveAdapter live) throws InterruptedException {
        int count = index.entries().size();
        if (!index.small()) {
            return new RecallFit(false, examples(index, instance, live).examples(), 0, 0.1, count);
        }
        var votes = index.known();
        double votesRight = votes.rightLeftOut();
        if (votesRight < VOTES_GOOD) {
            var byExamples = examples(index, instance, live);
            if (byExamples.right() > votesRight) {
                return new RecallFit(true, byExamples.examples(), 0, 0.1, count);
            }
        }
        double temperature = temperature(votes);
        return new RecallFit(true, 0, lambda(index, votes, temperature, instance, live), temperature, count);
    }

    /** What holds beside weights that were just trained on these lessons. */
    RecallFit after(LessonIndex index, Map<String, Double> leftOut) {
        int count = index.entries().size();
        if (!index.small()) {
            return new RecallFit(false, 0, 0, 0.1, count); // weights that know the job only suffer from examples (§12)
        }
        var votes = index.known();
        double temperature = temperature(votes);
        var voters = index.voters();
        var judges = IntStream.range(0, voters.size())
                .filter(i -> leftOut.containsKey(voters.get(i).lesson().id()))
                .toArray();
        var model = Arrays.stream(judges)
                .mapToDouble(i -> leftOut.get(voters.get(i).lesson().id()))
                .toArray();
        var given = Arrays.stream(judges)
                .mapToDouble(i -> votes.weightLeftOut(i, temperature))
                .toArray();
        return new RecallFit(true, 0, Mixing.lambda(model, given, settings.lambdaMost()), temperature, count);
    }

    private double lambda(
            LessonIndex index, Votes votes, double temperature, Instance instance, @Nullable LiveAdapter live)
            throws InterruptedException {
        var voters = index.voters();
        var honest = honest(voters, live, 2 * settings.fitQuestionsMax());
        var spans = honest.stream().map(i -> span(voters.get(i), instance)).toList();
        var requests = spans.stream().map(span -> forced(span, live)).toList();
        var answers = Questions.ask(base, requests);
        var model = answers.stream()
                .mapToDouble(answer -> Math.exp(answer.tokens().stream()
                        .mapToDouble(SampledToken::logprob)
                        .sum()))
                .toArray();
        var given = honest.stream()
                .mapToDouble(i -> votes.weightLeftOut(i, temperature))
                .toArray();
        return Mixing.lambda(model, given, settings.lambdaMost());
    }

    /** How many examples serve best; the fewest of equals, and none where nobody can judge. */
    private ByExamples examples(LessonIndex index, Instance instance, @Nullable LiveAdapter live)
            throws InterruptedException {
        var entries = index.entries();
        var honest = honest(entries, live, settings.fitQuestionsMax());
        var best = new ByExamples(0, 0);
        if (honest.isEmpty()) {
            return best;
        }
        for (int count : settings.examples()) {
            var requests = new ArrayList<GenerationRequest>();
            for (int i : honest) {
                var entry = entries.get(i);
                var turns = turns(index.nearest(entry.question(), count, entry.lesson()));
                var messages = Conversation.under(
                        instance.systemPrompt(), entry.lesson().messages());
                int tokens = span(entry, instance).answer().length;
                requests.add(GenerationRequest.of(
                                base.prompt(
                                        Conversation.with(turns, messages),
                                        entry.lesson().tools()),
                                SamplingParams.greedy(tokens + 8))
                        .by(live == null ? null : live.adapter()));
            }
            var answers = Questions.ask(base, requests);
            double right = IntStream.range(0, answers.size())
                            .filter(q -> Right.holds(
                                    instance.policy().match(),
                                    answers.get(q).text(),
                                    entries.get(honest.get(q)).lesson()))
                            .count()
                    / (double) answers.size();
            best = right > best.right() ? new ByExamples(count, right) : best;
        }
        return best;
    }

    /** Lessons as turns, the most similar last. */
    static List<ChatMessage> turns(List<Entry> nearest) {
        var turns = new ArrayList<ChatMessage>();
        for (var entry : nearest.reversed()) {
            entry.lesson().messages().stream()
                    .filter(message -> !Conversation.system(message))
                    .forEach(turns::add);
            turns.add(entry.lesson().reply());
        }
        return turns;
    }

    private Span span(Entry entry, Instance instance) {
        var lesson = entry.lesson();
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

    /** Positions of at most {@code most} lessons that the weights do not know, evenly spread. */
    private static List<Integer> honest(List<Entry> entries, @Nullable LiveAdapter live, int most) {
        var unknown = IntStream.range(0, entries.size())
                .filter(i -> live == null
                        || !live.lessons().contains(entries.get(i).lesson().id()))
                .boxed()
                .toList();
        return GateFitting.spread(unknown.size(), most).mapToObj(unknown::get).toList();
    }

    /** How right the best number of examples was. */
    private record ByExamples(int examples, double right) {}
}
