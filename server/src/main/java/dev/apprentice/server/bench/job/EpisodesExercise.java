package dev.apprentice.server.bench.job;

import dev.apprentice.engine.Seams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Test 6: errands of five to ten steps, each with five actions of which one is right where one stands, and a reward at
 * the end alone: the share of right steps. What an action is worth is therefore known exactly, so that of the five the
 * best one can be told without playing on.
 */
final class EpisodesExercise implements JobExercise {
    private static final int STEPS_MIN = 5;
    private static final int STEPS_MAX = 10;
    private static final int WINDOW = 20;
    private static final int LAST_PART = 4;
    private static final List<String> ACTIONS = List.of("knock", "wait", "ring", "leave", "call");

    private static final List<String> PLACES = List.of(
            "a locked door", "an open gate", "a busy counter", "a sleeping guard", "a barking dog", "an empty hall");

    @Override
    public String name() {
        return "6";
    }

    @Override
    public String title() {
        return "Episodes: errands with a reward at the end alone";
    }

    @Override
    public String main(JobPlan.Sizes sizes) {
        return "reward_at_last";
    }

    @Override
    public @Nullable String without(Arm arm) {
        return switch (arm) {
            case RECALL -> "rewards are never recalled: it would be the base";
            case NO_REPLAY -> "rewards bring no lessons that could be replayed: it would be weights";
            case BASE, WEIGHTS, BOTH, REINFORCE, JOINT -> null;
        };
    }

    @Override
    public @Nullable String partly(Arm arm, JobPlan.Sizes sizes) {
        return arm == Arm.JOINT ? "it is taught the right action of each place, and plays afterwards" : null;
    }

    @Override
    public Object key(JobPlan.Sizes sizes) {
        return List.of(sizes.episodes(), sizes.episodesStudyEvery());
    }

    @Override
    public Run run(Sitting sitting) throws InterruptedException {
        var subject = sitting.subject();
        var random = Seams.random(sitting.seed());
        var right = new ArrayList<>(ACTIONS);
        right.add(ACTIONS.get(random.nextInt(ACTIONS.size())));
        Collections.shuffle(right, Random.from(random));
        subject.enter("job");
        if (sitting.arm() == Arm.JOINT) {
            for (int place = 0; place < PLACES.size(); place++) {
                subject.teach(new Task(asked(1, place), right.get(place)));
            }
            subject.study();
        }
        var rewards = new ArrayList<Double>();
        for (int e = 1; e <= sitting.sizes().episodes(); e++) {
            var episode = "errand-" + e;
            int steps = STEPS_MIN + random.nextInt(STEPS_MAX - STEPS_MIN + 1);
            int good = 0;
            for (int step = 1; step <= steps; step++) {
                int place = random.nextInt(PLACES.size());
                var said = subject.ask(Ask.step(asked(step, place), ACTIONS, episode));
                good += said.text().strip().equals(right.get(place)) ? 1 : 0;
            }
            double reward = good / (double) steps;
            rewards.add(reward);
            if (sitting.arm() != Arm.JOINT) {
                subject.reward(episode, reward);
                if (e % sitting.sizes().episodesStudyEvery() == 0) {
                    subject.study();
                }
            }
        }
        var figures = new LinkedHashMap<String, Double>();
        int last = Math.max(1, rewards.size() / LAST_PART);
        figures.put("reward_at_last", mean(rewards.subList(rewards.size() - last, rewards.size())));
        figures.put("reward_of_all", mean(rewards));
        subject.judgeBy(Math.max(1, rewards.size()));
        look(subject, right, figures);
        figures.putAll(StreamExercise.exams(subject.figures()));
        return new Run(figures, curve(rewards));
    }

    /** The likeliest action at each place, and which one the value function takes for the best. */
    private static void look(Subject subject, List<String> right, Map<String, Double> figures)
            throws InterruptedException {
        int greedy = 0;
        int ranked = 0;
        boolean judged = true;
        for (int place = 0; place < PLACES.size(); place++) {
            var said = subject.ask(Ask.among(asked(1, place), ACTIONS));
            greedy += said.text().strip().equals(right.get(place)) ? 1 : 0;
            String best = null;
            double most = -1;
            for (var action : ACTIONS) {
                var confidence =
                        subject.ask(Ask.among(asked(1, place), List.of(action))).confidence();
                judged &= confidence != null;
                if (confidence != null && confidence > most) {
                    most = confidence;
                    best = action;
                }
            }
            ranked += right.get(place).equals(best) ? 1 : 0;
        }
        figures.put("right_when_likeliest", greedy / (double) PLACES.size());
        if (judged) {
            figures.put("best_ranked_first", ranked / (double) PLACES.size());
        }
    }

    private static String asked(int step, int place) {
        return "Step " + step + " of an errand: you stand before " + PLACES.get(place) + ". Choose one: "
                + String.join(", ", ACTIONS) + ".";
    }

    private static double mean(List<Double> some) {
        return some.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    private static List<Double> curve(List<Double> rewards) {
        var curve = new ArrayList<Double>();
        for (int i = 1; i <= rewards.size(); i++) {
            curve.add(mean(rewards.subList(Math.max(0, i - WINDOW), i)));
        }
        return curve;
    }
}
