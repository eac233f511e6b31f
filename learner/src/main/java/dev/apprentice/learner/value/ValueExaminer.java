package dev.apprentice.learner.value;

import dev.apprentice.engine.Seams;
import dev.apprentice.learner.exam.Candidate;
import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.exam.ValueExam;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Same;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Measures a candidate's value function in its exam, and hands what was asked there on to learn from.
 *
 * <p>Half of all questions, by their digest, are learnt from and never measured on; the other half is measured on and
 * never learnt from. The candidate's value function is what would serve with it: fitted to all graded answers and to
 * the candidate's own of the first half. Live's is the one that serves. Each judges its own checkpoint's answers of the
 * second half, and a difference counts against the candidate where it is more than chance.
 */
public final class ValueExaminer implements ValueExam {
    /** With fewer questions nothing is said. */
    private static final int QUESTIONS_MIN = 20;

    /** So many of an exam's answers are learnt from, the new lessons' first. */
    private static final int LEARNT_MAX = 100;

    /** Paired bootstrap (Efron 1979): in so many of the draws the candidate must be too bad to fail. */
    private static final int DRAWS = 200;

    private static final double SURE = 0.95;

    private final Values values;
    private final int layers;
    private final ExamPlan plan;

    /**
     * An examiner of {@code values}.
     *
     * @param layers of the base
     * @param plan says how much worse a candidate's may be
     */
    public ValueExaminer(Values values, int layers, ExamPlan plan) {
        this.values = values;
        this.layers = layers;
        this.plan = plan;
    }

    @Override
    public List<Integer> watched(Instance instance) {
        return Traits.layers(layers, instance);
    }

    @Override
    public Found measure(Candidate candidate, List<Asked> answers) {
        var instance = candidate.instance().id();
        var known = values.graded(instance);
        var items = answers.stream()
                .filter(asked -> learns(Same.key(asked.messages())))
                .limit(LEARNT_MAX)
                .map(asked -> new Values.Item(
                        outcome(asked, asked.candidate()), asked.lesson().id()))
                .toList();
        var found = measure(instance, answers, known, items);
        values.learn(instance, instance + ":" + candidate.adapter().digest() + ":" + candidate.look(), items);
        return found;
    }

    private Found measure(String instance, List<Asked> answers, List<Outcome> known, List<Values.Item> items) {
        var standing = values.standing(instance);
        var live = values.calibrated(instance);
        if (live.isEmpty()) {
            return new Found.NotExamined(
                    standing.state() == ValueState.NOT_FITTED
                            ? "no value function is fitted"
                            : "the value function is not calibrated yet");
        }
        var requests = new HashSet<String>();
        known.forEach(outcome -> requests.add(outcome.request()));
        var lives = new ArrayList<Outcome>();
        var candidates = new ArrayList<Outcome>();
        for (var asked : answers) {
            var request = Same.key(asked.messages());
            if (!learns(request) && !requests.contains(request)) {
                lives.add(outcome(asked, asked.live()));
                candidates.add(outcome(asked, asked.candidate()));
            }
        }
        if (lives.size() < QUESTIONS_MIN) {
            return new Found.NotExamined(
                    "%d questions are new to the value function (wanted %d)".formatted(lives.size(), QUESTIONS_MIN));
        }
        int traits = live.get().traits();
        if (!alike(lives, traits) || !alike(candidates, traits)) {
            return new Found.NotExamined("what the value function was fitted to was seen otherwise");
        }
        var all = new ArrayList<>(known);
        items.forEach(item -> all.add(item.outcome()));
        var next = values.fitted(all.stream()
                .filter(outcome -> outcome.traits().values().length == traits)
                .toList());
        return compared(judged(live.get(), lives), judged(next, candidates), plan);
    }

    private static boolean alike(List<Outcome> outcomes, int traits) {
        return outcomes.stream().allMatch(outcome -> outcome.traits().values().length == traits);
    }

    /** Whether a question is one of those that are learnt from. */
    static boolean learns(String request) {
        return Character.digit(request.charAt(0), 16) % 2 == 0;
    }

    private static Outcome outcome(Asked asked, Answer answer) {
        var traits = Traits.of(answer.whole(), answer.recalled(), answer.adapted());
        return new Outcome(Same.key(asked.messages()), traits, answer.right() ? 1 : 0, 1, true);
    }

    /** What a head says of some answers, and what is true. */
    @SuppressWarnings("ArrayRecordComponent") // read at once
    record Judgements(double[] probabilities, double[] rewards) {
        Quality quality() {
            return Quality.of(probabilities, rewards);
        }

        Judgements of(int[] places) {
            return new Judgements(
                    IntStream.of(places).mapToDouble(i -> probabilities[i]).toArray(),
                    IntStream.of(places).mapToDouble(i -> rewards[i]).toArray());
        }
    }

    private static Judgements judged(Head head, List<Outcome> outcomes) {
        return new Judgements(
                outcomes.stream()
                        .mapToDouble(each -> head.judge(each.traits()).confidence())
                        .toArray(),
                outcomes.stream().mapToDouble(Outcome::reward).toArray());
    }

    /** Of judgements of the same questions, in the same order. */
    static Found compared(Judgements live, Judgements candidate, ExamPlan plan) {
        var before = live.quality();
        var now = candidate.quality();
        if (tooBad(before, now, plan)) {
            int count = live.rewards().length;
            var random = Seams.random(count);
            int bad = 0;
            for (int draw = 0; draw < DRAWS; draw++) {
                var places = random.ints(count, 0, count).toArray();
                bad += tooBad(live.of(places).quality(), candidate.of(places).quality(), plan) ? 1 : 0;
            }
            if (bad < SURE * DRAWS) {
                return new Found.NotExamined(String.format(
                        Locale.ROOT,
                        "on %d graded answers Brier %.3f and ECE %.3f are worse than live's %.3f and %.3f,"
                                + " which may be chance",
                        count,
                        now.brier(),
                        now.ece(),
                        before.brier(),
                        before.ece()));
            }
        }
        return new Found.Measured(scores(live), scores(candidate));
    }

    private static boolean tooBad(Quality live, Quality candidate, ExamPlan plan) {
        return candidate.brier() > live.brier() + plan.brierWorseMax()
                || candidate.ece() > live.ece() + plan.eceWorseMax();
    }

    private static Scores scores(Judgements judgements) {
        var quality = judgements.quality();
        long good = IntStream.range(0, judgements.rewards().length)
                .filter(i -> judgements.rewards()[i] >= 0.5)
                .count();
        boolean both = good > 0 && good < quality.outcomes();
        return new Scores(quality.outcomes(), quality.brier(), quality.ece(), both ? (Double) quality.auroc() : null);
    }
}
