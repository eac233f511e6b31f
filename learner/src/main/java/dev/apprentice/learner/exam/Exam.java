package dev.apprentice.learner.exam;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.base.Questions;
import dev.apprentice.learner.instance.Match;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Right;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.recall.RecallWish;
import dev.apprentice.learner.recall.Recalled;
import dev.apprentice.learner.view.Views;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tests that a candidate must pass before it may serve (docs/learning.md). Everything is asked as a request would
 * be: greedy, to the natural stop, with the candidate's own gate on, once without recall and once with it. Live and
 * candidate answer the same questions.
 */
public final class Exam {
    /** Answers that are looked through for the wanted one may be as long as people write. */
    private static final int LONG_ANSWER_TOKENS = 64;

    private final Base base;
    private final Recall recall;
    private final Locality locality;
    private final InContext context;
    private final Examiners examiners;
    private final OffPolicy policy;
    private final Soundness soundness;
    private final ExamPlan plan;

    public Exam(Base base, Probes probes, Recall recall, GeneralAnswers general, Examiners examiners, ExamPlan plan) {
        this.base = base;
        this.recall = recall;
        this.examiners = examiners;
        this.plan = plan;
        locality = new Locality(base, probes, recall, general, plan);
        context = new InContext(base, recall);
        policy = new OffPolicy(base, recall, examiners.rewards());
        soundness = new Soundness(base);
    }

    /** Examines. */
    public ExamReport hold(Candidate candidate) throws InterruptedException {
        var sat = sat(candidate);
        var beside = new Sitting.Beside(
                locality.look(candidate),
                context.look(candidate),
                examiners.value().measure(candidate, sat.answers()),
                policy.look(candidate));
        var report = Judgement.of(candidate, sat.sitting(), beside, plan);
        return candidate.opinions().holds().isEmpty()
                ? report
                : Judgement.judged(report, candidate.opinions(), soundness.look(candidate));
    }

    /** What was answered, and those answers that say something of the value function. */
    private record Sat(Sitting sitting, List<ValueExam.Asked> answers) {}

    private Sat sat(Candidate candidate) throws InterruptedException {
        var lessons = asked(candidate);
        var own = lessons.stream().map(Question::own).toList();
        var views = lessons.stream()
                .flatMap(lesson -> Question.views(lesson, candidate.fresh().contains(lesson)))
                .toList();
        var served = recalled(views, candidate, RecallWish.all().by(candidate.fit()));
        var live = candidate.live();
        var liveAdapter = live == null ? null : live.adapter();
        var servedLive = live == null
                ? List.<Recalled>of()
                : recalled(views, candidate, RecallWish.gateOnly().by(live.fit()));
        var firsts = firsts(views); // one of each lesson says enough about recall, and costs half
        var before = asked(views, liveAdapter == null ? base(served) : gated(servedLive, liveAdapter), candidate);
        var now = asked(views, gated(served, candidate.adapter()), candidate);
        var sitting = new Sitting(
                lessons,
                right(asked(own, plain(own.size(), liveAdapter), candidate)),
                right(asked(own, plain(own.size(), candidate.adapter()), candidate)),
                views,
                right(before),
                right(now),
                right(asked(
                        firsts.stream().map(views::get).toList(),
                        guided(firsts.stream().map(served::get).toList(), candidate),
                        candidate)),
                share(served.stream().map(Recalled::familiar).toList()));
        return new Sat(
                sitting,
                IntStream.range(0, views.size())
                        .mapToObj(i -> new ValueExam.Asked(
                                views.get(i).lesson(), views.get(i).messages(), before.get(i), now.get(i)))
                        .toList());
    }

    private List<Recalled> recalled(List<Question> views, Candidate candidate, RecallWish wish) {
        return views.stream()
                .map(view -> recall.recall(
                        candidate.instance().id(),
                        view.messages(),
                        view.lesson().tools(),
                        wish))
                .toList();
    }

    /** All lessons if they are few; else the new, the pinned, those that were ever lost, and some of the others. */
    private List<Lesson> asked(Candidate candidate) {
        var old = candidate.old();
        if (candidate.fresh().size() + old.size() > plan.allUpTo()) {
            Predicate<Lesson> always =
                    lesson -> lesson.pinned() || candidate.turnover().everLost().contains(lesson.id());
            var random = Random.from(Seams.random(candidate.adapter().digest().hashCode())); // others each time
            var others = new ArrayList<>(old.stream().filter(always.negate()).toList());
            Collections.shuffle(others, random);
            old = Stream.concat(old.stream().filter(always), others.stream().limit(plan.sample()))
                    .toList();
        }
        return Stream.concat(candidate.fresh().stream(), old.stream()).toList();
    }

    /**
     * Something that is asked.
     *
     * @param lesson which teaches the answer
     * @param messages in which words
     */
    record Question(Lesson lesson, List<ChatMessage> messages) {
        static Question own(Lesson lesson) {
            return new Question(lesson, lesson.messages());
        }

        static Stream<Question> views(Lesson lesson, boolean fresh) {
            return Views.of(lesson).exam().stream()
                    .limit(fresh ? Long.MAX_VALUE : 1)
                    .map(view -> new Question(lesson, view));
        }
    }

    /** Positions of the first view of each lesson. */
    private static List<Integer> firsts(List<Question> views) {
        return IntStream.range(0, views.size())
                .filter(i -> i == 0
                        || !views.get(i)
                                .lesson()
                                .id()
                                .equals(views.get(i - 1).lesson().id()))
                .boxed()
                .toList();
    }

    /**
     * How a question is asked.
     *
     * @param acting what acts on the answer
     */
    private record Way(@Nullable AdapterRef adapter, Recalled acting) {
        /** Lessons act by the weights alone. */
        static Way of(@Nullable AdapterRef adapter, Recalled found) {
            return new Way(
                    adapter,
                    new Recalled(List.of(), List.of(), new AnswerGuide.Free(), found.familiar(), found.likeness()));
        }
    }

    /** By the weights alone: an own request is always familiar. */
    private static List<Way> plain(int count, @Nullable AdapterRef adapter) {
        var acting = new Recalled(List.of(), List.of(), new AnswerGuide.Free(), true);
        return Collections.nCopies(count, new Way(adapter, acting));
    }

    private static List<Way> base(List<Recalled> served) {
        return served.stream().map(found -> Way.of(null, found)).toList();
    }

    private static List<Way> gated(List<Recalled> served, AdapterRef adapter) {
        return served.stream()
                .map(found -> Way.of(found.familiar() ? adapter : null, found))
                .toList();
    }

    private static List<Way> guided(List<Recalled> served, Candidate candidate) {
        return served.stream()
                .map(found -> new Way(found.familiar() ? candidate.adapter() : null, found))
                .toList();
    }

    private List<ValueExam.Answer> asked(List<Question> questions, List<Way> ways, Candidate candidate)
            throws InterruptedException {
        var match = candidate.instance().policy().match();
        var watched = examiners.value().watched(candidate.instance());
        var requests = new ArrayList<GenerationRequest>();
        for (int i = 0; i < questions.size(); i++) {
            var question = questions.get(i);
            var way = ways.get(i);
            var conversation = Conversation.under(candidate.instance().systemPrompt(), question.messages());
            var lesson = question.lesson();
            var prompt = base.prompt(Conversation.with(way.acting().examples(), conversation), lesson.tools());
            int tokens = base.span(conversation, lesson.tools(), lesson.reply()).answer().length
                    + (match == Match.EXACT ? plan.answerTokensSpare() : LONG_ANSWER_TOKENS);
            requests.add(GenerationRequest.of(prompt, SamplingParams.greedy(tokens))
                    .by(way.adapter())
                    .guided(way.acting().guide())
                    .watching(watched));
        }
        var said = Questions.ask(base, requests);
        var answers = new ArrayList<ValueExam.Answer>();
        for (int i = 0; i < questions.size(); i++) {
            var way = ways.get(i);
            var right = Right.holds(match, said.get(i).text(), questions.get(i).lesson());
            answers.add(new ValueExam.Answer(said.get(i), way.acting(), way.adapter() != null, right));
        }
        return answers;
    }

    private static List<Boolean> right(List<ValueExam.Answer> answers) {
        return answers.stream().map(ValueExam.Answer::right).toList();
    }

    static double share(List<Boolean> results) {
        return results.isEmpty()
                ? 1
                : results.stream().filter(Boolean::booleanValue).count() / (double) results.size();
    }
}
