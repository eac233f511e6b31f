package dev.apprentice.learner.recall;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Wording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One instance's lessons, ready to be compared with: an immutable snapshot. Similarity is the mean of two cosines of
 * hidden states, one seen from where general prompts lie and one from the middle of the lessons, plus what shared words
 * add, rare ones among the lessons first: in the first the job's own wrapping counts, in the second only what differs
 * within the job.
 */
final class LessonIndex {
    /** How many lessons a gate is fitted on: the fit compares each with all. */
    private static final int GATE_LESSONS_MAX = 256;

    private final List<Entry> entries;
    private final GeneralPrompts general;
    private final RecallSettings settings;
    private final Familiarity familiarity;
    private final WordWeights weights;
    private final float[][] origin;
    private final float[][] middle;
    private final @Nullable Votes votes;

    /** Over {@code entries}, oldest first, at least one. */
    LessonIndex(List<Entry> entries, GeneralPrompts general, RecallSettings settings) {
        this.entries = List.copyOf(entries);
        this.general = general;
        this.settings = settings;
        familiarity = new Familiarity(entries, general);
        weights = new WordWeights(
                entries.stream().map(entry -> entry.question().words()).toList());
        middle = Vectors.mean(
                entries.stream().map(entry -> entry.question().state()).toList());
        origin = Vectors.origin(middle);
        votes = count();
    }

    /** A request as these lessons see it. */
    Question question(Sight sight, List<ChatMessage> messages) {
        return new Question(general.standards().of(sight.states(sight.prompt(messages))), Words.of(messages));
    }

    /** Fits a gate: each lesson must get in by the others, general prompts should not. */
    Gate gate() {
        var probes = general.practice();
        var closed = probes.stream().map(probe -> familiarity.of(probe, probe)).toList();
        if (entries.size() < settings.fitAtLessons()) {
            return GateFitting.early(closed);
        }
        var open = GateFitting.spread(entries.size(), GATE_LESSONS_MAX)
                .mapToObj(i -> entries.get(i).question())
                .map(question -> familiarity.of(question, question))
                .toList();
        return GateFitting.fit(open, closed, settings.gateOpenMin());
    }

    List<Entry> entries() {
        return entries;
    }

    Familiarity familiarity() {
        return familiarity;
    }

    private @Nullable Votes count() {
        var voters = voters();
        var answers = new LinkedHashMap<String, Integer>();
        var newest = new ArrayList<Lesson>();
        var labels = new int[voters.size()];
        for (int i = 0; i < labels.length; i++) {
            var lesson = voters.get(i).lesson();
            Integer label = answers.putIfAbsent(Wording.plain(lesson.answer()), newest.size());
            if (label == null) {
                labels[i] = newest.size();
                newest.add(lesson);
            } else {
                labels[i] = label;
                newest.set(label, lesson); // the newest way of writing it
            }
        }
        if (2 * newest.size() > voters.size()) {
            return null;
        }
        var kernel = new double[voters.size()][];
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] = similarities(voters.get(i).question(), voters);
        }
        return new Votes(newest, labels, Ridge.fit(kernel, labels, newest.size(), settings.ridge()));
    }

    /** The scores of all answers for a request; only where {@link #small()}. */
    double[] scores(Question question) {
        return known().ridge().scores(similarities(question, voters()));
    }

    /** Whether the lessons answer from a small set, so that answers can be voted on. */
    boolean small() {
        return votes != null;
    }

    /** The votes, where {@link #small()}. */
    Votes known() {
        if (votes == null) {
            throw new IllegalStateException("these lessons do not answer from a small set");
        }
        return votes;
    }

    /** The most similar lessons, best first, leaving out {@code without}. */
    List<Entry> nearest(Question question, int count, @Nullable Lesson without) {
        var similarities = similarities(question, entries);
        return IntStream.range(0, entries.size())
                .filter(i -> without == null || !entries.get(i).lesson().id().equals(without.id()))
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -similarities[i])
                        .thenComparing(Comparator.reverseOrder())) // of equals the newer
                .limit(count)
                .map(entries::get)
                .toList();
    }

    /** The newest lessons, which vote. */
    List<Entry> voters() {
        return entries.subList(Math.max(0, entries.size() - settings.votersMax()), entries.size());
    }

    private double[] similarities(Question question, List<Entry> to) {
        return to.stream()
                .mapToDouble(entry -> similarity(question, entry.question()))
                .toArray();
    }

    private double similarity(Question a, Question b) {
        double general = Vectors.cosine(a.state(), b.state(), origin);
        double inside = Vectors.cosine(a.state(), b.state(), middle);
        return (general + inside) / 2 + settings.wordWeight() * weights.overlap(a.words(), b.words());
    }
}
