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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tests that a candidate must pass before it may serve (LEARNING.md, section 9, EXAM). Everything is asked as a
 * request would be: greedy, to the natural stop, with the candidate's own gate on, once without recall and once with
 * it. Live and candidate answer the same questions.
 */
public final class Exam {
    /** Answers that are looked through for the wanted one may be as long as people write. */
    private static final int LONG_ANSWER_TOKENS = 64;

    private final Base base;
    private final Recall recall;
    private final Locality locality;
    private final ExamPlan plan;

    public Exam(Base base, Probes probes, Recall recall, GeneralAnswers general, ExamPlan plan) {
        this.base = base;
        this.recall = recall;
        this.plan = plan;
        locality = new Locality(base, probes, recall, general, plan);
    }

    /** Examines. */
    public ExamReport hold(Candidate candidate) throws InterruptedException {
        var lessons = asked(candidate);
        var own = lessons.stream().map(Question::own).toList();
        var views = lessons.stream()
                .flatMap(lesson -> Question.views(lesson, candidate.fresh().contains(lesson)))
                .toList();
        var served = views.stream()
                .map(view -> recall.recall(
                        candidate.instance().id(),
                        view.messages(),
                        view.lesson().tools(),
                        RecallWish.all().by(candidate.fit())))
                .toList();
        var live = candidate.live();
        var before = right(own, plain(own.size(), live == null ? null : live.adapter()), candidate);
        var now = right(own, plain(own.size(), candidate.adapter()), candidate);
        var viewsNow = right(views, gated(served, candidate), candidate);
        var firsts = firsts(views); // one of each lesson says enough about recall, and costs half
        var viewsRecalled = right(
                firsts.stream().map(views::get).toList(),
                guided(firsts.stream().map(served::get).toList(), candidate),
                candidate);
        var found = locality.look(candidate);
        double gateOpen = share(served.stream().map(Recalled::familiar).toList());
        return Judgement.of(candidate, lessons, views, before, now, viewsNow, viewsRecalled, gateOpen, found, plan);
    }

    /** All lessons if they are few; else the new, the pinned and some of the others. */
    private List<Lesson> asked(Candidate candidate) {
        var old = candidate.old();
        if (candidate.fresh().size() + old.size() > plan.allUpTo()) {
            var random = Random.from(Seams.random(old.size()));
            var others = new ArrayList<>(
                    old.stream().filter(lesson -> !lesson.pinned()).toList());
            Collections.shuffle(others, random);
            old = Stream.concat(
                            old.stream().filter(Lesson::pinned), others.stream().limit(plan.sample()))
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

    /** How a question is asked. */
    private record Way(@Nullable AdapterRef adapter, List<ChatMessage> examples, AnswerGuide guide) {}

    /** By the weights alone: an own request is always familiar. */
    private static List<Way> plain(int count, @Nullable AdapterRef adapter) {
        return Collections.nCopies(count, new Way(adapter, List.of(), new AnswerGuide.Free()));
    }

    private static List<Way> gated(List<Recalled> served, Candidate candidate) {
        return served.stream()
                .map(found -> new Way(found.familiar() ? candidate.adapter() : null, List.of(), new AnswerGuide.Free()))
                .toList();
    }

    private static List<Way> guided(List<Recalled> served, Candidate candidate) {
        return served.stream()
                .map(found -> new Way(found.familiar() ? candidate.adapter() : null, found.examples(), found.guide()))
                .toList();
    }

    private List<Boolean> right(List<Question> questions, List<Way> ways, Candidate candidate)
            throws InterruptedException {
        var match = candidate.instance().policy().match();
        var requests = new ArrayList<GenerationRequest>();
        for (int i = 0; i < questions.size(); i++) {
            var question = questions.get(i);
            var way = ways.get(i);
            var conversation = Conversation.under(candidate.instance().systemPrompt(), question.messages());
            var lesson = question.lesson();
            var prompt = base.prompt(Conversation.with(way.examples(), conversation), lesson.tools());
            int tokens = base.span(conversation, lesson.tools(), lesson.reply()).answer().length
                    + (match == Match.EXACT ? plan.answerTokensSpare() : LONG_ANSWER_TOKENS);
            requests.add(GenerationRequest.of(prompt, SamplingParams.greedy(tokens))
                    .by(way.adapter())
                    .guided(way.guide()));
        }
        var said = Questions.ask(base, requests);
        var right = new ArrayList<Boolean>();
        for (int i = 0; i < questions.size(); i++) {
            right.add(Right.holds(match, said.get(i).text(), questions.get(i).lesson()));
        }
        return right;
    }

    static double share(List<Boolean> results) {
        return results.isEmpty()
                ? 1
                : results.stream().filter(Boolean::booleanValue).count() / (double) results.size();
    }
}
