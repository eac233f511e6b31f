package dev.apprentice.learner.value;

import dev.apprentice.engine.Seams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Fits a head to graded answers, and says how good it is on answers that it does not know: every outcome is judged once
 * by nets that saw no answer to the same request (cross-fitting), and on these judgements the calibration is fitted and
 * all figures rest. The head that serves is then fitted to all. Answers that an exam asked for teach the nets;
 * calibration, figures and threshold rest on the answers that people were given.
 *
 * @param head what serves
 * @param quality of judgements on outcomes left out, calibrated each by the other folds' judgements
 * @param threshold certified, or null where nothing can be
 */
record Fit(Head head, Quality quality, @Nullable Certified threshold) {

    /** The same outcomes, plan and seed give the same fit. */
    static Fit of(List<Outcome> outcomes, ValuePlan plan) {
        assert !outcomes.isEmpty();
        int count = outcomes.size();
        var places = folds(outcomes, plan.folds());
        var fold = places;
        var logits = new double[count];
        var doubts = new double[count];
        for (int f = 0; f < plan.folds(); f++) {
            var known = new ArrayList<Outcome>();
            for (int i = 0; i < count; i++) {
                if (fold[i] != f) {
                    known.add(outcomes.get(i));
                }
            }
            if (known.size() == count || known.isEmpty()) {
                continue;
            }
            var head = head(known, plan, f + 1);
            for (int i = 0; i < count; i++) {
                if (fold[i] == f) {
                    var raw = head.raw(outcomes.get(i).traits());
                    logits[i] = raw[0];
                    doubts[i] = raw[1];
                }
            }
        }
        var told = telling(outcomes);
        var tellers = Arrays.stream(told).mapToObj(outcomes::get).toList();
        logits = take(logits, told);
        doubts = take(doubts, told);
        fold = Arrays.stream(told).map(i -> places[i]).toArray();
        var rewards = tellers.stream().mapToDouble(Outcome::reward).toArray();
        var weights = tellers.stream().mapToDouble(Outcome::weight).toArray();
        var confident = new double[told.length];
        var cautious = new double[told.length];
        for (int f = 0; f < plan.folds(); f++) {
            var platt = platt(logits, rewards, weights, fold, f);
            for (int i = 0; i < told.length; i++) {
                if (fold[i] == f) {
                    confident[i] = platt.probability(logits[i]);
                    cautious[i] = platt.probability(logits[i] - doubts[i]);
                }
            }
        }
        var head = head(outcomes, plan, 0).with(platt(logits, rewards, weights, fold, -1));
        return new Fit(head, Quality.of(confident, rewards), Certified.of(cautious, rewards, plan));
    }

    /** Those whose judgements say how sure the head may be: what people were given, if they graded any. */
    private static int[] telling(List<Outcome> outcomes) {
        var given = IntStream.range(0, outcomes.size())
                .filter(i -> !outcomes.get(i).examined())
                .toArray();
        return given.length == 0 ? IntStream.range(0, outcomes.size()).toArray() : given;
    }

    /** Of all folds but {@code out}. */
    private static Platt platt(double[] logits, double[] rewards, double[] weights, int[] fold, int out) {
        var used = IntStream.range(0, fold.length).filter(i -> fold[i] != out).toArray();
        return Platt.fit(take(logits, used), take(rewards, used), take(weights, used));
    }

    private static double[] take(double[] values, int[] used) {
        return Arrays.stream(used).mapToDouble(i -> values[i]).toArray();
    }

    /** By request, so that an answer is not judged by one that knows its twin. */
    private static int[] folds(List<Outcome> outcomes, int folds) {
        return outcomes.stream()
                .mapToInt(outcome -> Math.floorMod(spread(outcome.request().hashCode()), folds))
                .toArray();
    }

    /** Neighbouring hashes to distant ones (the finaliser of MurmurHash3). */
    private static int spread(int hash) {
        int h = hash;
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    private static Head head(List<Outcome> outcomes, ValuePlan plan, int stream) {
        RandomGenerator random = Seams.random(plan.seed() * 31 + stream);
        var lens = Lens.fit(outcomes.stream().map(Outcome::traits).toList(), plan.components(), random);
        var rows = outcomes.stream()
                .map(outcome -> new Net.Row(lens.see(outcome.traits()), outcome.reward(), outcome.weight()))
                .toList();
        var nets = new ArrayList<Net>();
        for (int k = 0; k < plan.heads(); k++) {
            nets.add(Net.learn(rows, plan, random));
        }
        return new Head(lens, nets, Platt.PLAIN);
    }
}
