package dev.apprentice.learner.study;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.Student;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Span;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.view.Views;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the student would say if it sat its exam now. A study's length follows how much lessons surprise on average, and
 * an average hides the one that is not known yet; a second study for its sake would cost far more than some steps
 * (docs/learning.md). Exam views are not looked at: the exam would be worth nothing.
 *
 * <p>An answer whose probability as a whole is a half is what the student says by itself, since each of its tokens is
 * likelier than all others together. One that is less likely may still be.
 */
final class Rehearsal {
    private static final double SURE = 0.5;

    /** So many of a lesson's views to train on are asked for, besides the request as it was asked. */
    private static final int VIEWS = 2;

    /** This share of all of them should be sure; the exam wants .8 of others. */
    private static final double VIEWS_SURE = 0.9;

    /** At most so many old lessons are looked at: first those that were lost before, then any. */
    private static final int OLD_MAX = 128;

    /** Between so many rows somebody may stop the study. */
    private static final int ROWS = 64;

    private final Base base;
    private final Instance instance;
    private final Student student;
    private final BooleanSupplier stopped;
    private List<Lesson> known = List.of();

    Rehearsal(Base base, Instance instance, Student student, BooleanSupplier stopped) {
        this.base = base;
        this.instance = instance;
        this.student = student;
        this.stopped = stopped;
    }

    /** A lesson's answer after some wording of its request, as it is read. */
    static Span span(Base base, Instance instance, Lesson lesson, List<ChatMessage> messages) {
        return base.span(Conversation.under(instance.systemPrompt(), messages), lesson.tools(), lesson.reply());
    }

    private record Question(Lesson lesson, List<ChatMessage> messages) {}

    /**
     * Takes note of which of {@code old} the student knows before it studies: it is to know them afterwards, too.
     *
     * @param lost ids of those that an earlier candidate lost
     */
    void before(List<Lesson> old, Set<String> lost, RandomGenerator random) throws InterruptedException {
        var shuffled = new ArrayList<>(old);
        Collections.shuffle(shuffled, Random.from(random));
        Predicate<Lesson> atRisk = lesson -> lost.contains(lesson.id());
        var chosen = Stream.concat(
                        shuffled.stream().filter(atRisk), shuffled.stream().filter(atRisk.negate()))
                .limit(OLD_MAX)
                .toList();
        var sure = probabilities(chosen);
        known = sure == null ? List.of() : sure(chosen, sure);
    }

    private static List<Lesson> sure(List<Lesson> lessons, List<Double> probabilities) {
        var sure = new ArrayList<Lesson>();
        for (int i = 0; i < lessons.size(); i++) {
            if (probabilities.get(i) >= SURE) {
                sure.add(lessons.get(i));
            }
        }
        return sure;
    }

    /** Those of {@code fresh} and of what it knew before that it would not be sure of now; null if it was stopped. */
    @Nullable
    List<Lesson> unsure(List<Lesson> fresh) throws InterruptedException {
        var questions = new ArrayList<Question>();
        fresh.forEach(lesson -> {
            questions.add(new Question(lesson, lesson.messages()));
            Views.of(lesson).training().stream()
                    .limit(VIEWS)
                    .forEach(messages -> questions.add(new Question(lesson, messages)));
        });
        int own = questions.size();
        known.forEach(lesson -> questions.add(new Question(lesson, lesson.messages())));
        var found = asked(questions);
        if (found == null) {
            return null;
        }
        long views = found.subList(0, own).stream().filter(p -> p >= SURE).count();
        boolean worded = views >= VIEWS_SURE * own;
        var unsure = new LinkedHashMap<String, Lesson>();
        for (int i = 0; i < questions.size(); i++) {
            var question = questions.get(i);
            boolean asked =
                    i >= own || question.messages().equals(question.lesson().messages());
            if (found.get(i) < SURE && (asked || !worded)) {
                unsure.put(question.lesson().id(), question.lesson());
            }
        }
        return List.copyOf(unsure.values());
    }

    /** How probable the right answers of {@code lessons} are in their own words; null if the study was stopped. */
    @Nullable
    List<Double> probabilities(List<Lesson> lessons) throws InterruptedException {
        return asked(lessons.stream()
                .map(lesson -> new Question(lesson, lesson.messages()))
                .toList());
    }

    private @Nullable List<Double> asked(List<Question> questions) throws InterruptedException {
        var found = new ArrayList<Double>();
        while (found.size() < questions.size()) {
            if (stopped.getAsBoolean()) {
                return null;
            }
            var rows = questions.stream()
                    .skip(found.size())
                    .limit(ROWS)
                    .map(question -> {
                        var span = span(base, instance, question.lesson(), question.messages());
                        return new TrainingRow(span.tokens(), span.prompt().length, new Loss.CrossEntropy(1));
                    })
                    .toList();
            var logprobs = student.measure(rows);
            for (int i = 0; i < rows.size(); i++) {
                found.add(Math.exp(logprobs.get(i) * rows.get(i).answerTokens()));
            }
        }
        return found;
    }
}
