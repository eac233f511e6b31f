package dev.apprentice.server.bench.job;

import dev.apprentice.learner.value.Quality;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Test 7: whether it knows what it does not know. Some of the clerk's messages are taught and studied; then each answer
 * to new messages is graded and nothing more is taught, and after some grades the confidences of answers to further
 * messages are compared with what became of them, at last after a drift that nobody told it of.
 */
final class CalibrationExercise implements JobExercise {
    private static final double COVERED = 0.8;
    private static final double RISK = 0.05;

    @Override
    public String name() {
        return "7";
    }

    @Override
    public String title() {
        return "Calibration: confidences against what became of the answers, and after a drift";
    }

    @Override
    public String main(JobPlan.Sizes sizes) {
        return "auroc_" + sizes.outcomes().getFirst();
    }

    @Override
    public @Nullable String without(Arm arm) {
        return switch (arm) {
            case BASE -> "nobody judges the bare base's answers";
            case REINFORCE -> "it has no value function";
            case RECALL, WEIGHTS, BOTH, NO_REPLAY, JOINT -> null;
        };
    }

    @Override
    public @Nullable String partly(Arm arm, JobPlan.Sizes sizes) {
        return arm == Arm.NO_REPLAY || arm == Arm.JOINT
                ? "the same as weights here: there is one study, from the base, before any grade"
                : null;
    }

    @Override
    public Object key(JobPlan.Sizes sizes) {
        return List.of(sizes.drilled(), sizes.outcomes(), sizes.judged());
    }

    @Override
    public Run run(Sitting sitting) throws InterruptedException {
        var subject = sitting.subject();
        var clerk = new Clerk(sitting.seed());
        var figures = new LinkedHashMap<String, Double>();
        subject.enter("job");
        for (var task : clerk.messages(sitting.sizes().drilled())) {
            subject.teach(task);
        }
        subject.study();
        int given = 0;
        for (int outcomes : sitting.sizes().outcomes()) {
            for (var task : clerk.messages(outcomes - given)) {
                var said = subject.ask(Ask.graded(task.question()));
                subject.reward(said, task.right(said.text()) ? 1 : 0);
            }
            given = outcomes;
            subject.judgeBy(outcomes);
            measure(subject, clerk.messages(sitting.sizes().judged()), "_" + outcomes, figures);
        }
        clerk.drift();
        measure(subject, clerk.messages(sitting.sizes().judged()), "_drift", figures);
        return new Run(figures, List.of());
    }

    /** An answer, as far as this test is concerned. */
    private record Seen(double confidence, boolean right, boolean help) {}

    private static void measure(Subject subject, List<Task> tasks, String when, Map<String, Double> figures)
            throws InterruptedException {
        var all = new ArrayList<Seen>();
        int right = 0;
        for (var task : tasks) {
            var said = subject.ask(Ask.only(task.question()));
            boolean good = task.right(said.text());
            right += good ? 1 : 0;
            var confidence = said.confidence();
            if (confidence != null) {
                all.add(new Seen(confidence, good, said.needsHelp()));
            }
        }
        figures.put("accuracy" + when, right / (double) tasks.size());
        if (all.size() < tasks.size()) {
            return; // no value function is fitted yet
        }
        var quality = Quality.of(
                all.stream().mapToDouble(Seen::confidence).toArray(),
                all.stream().mapToDouble(seen -> seen.right() ? 1 : 0).toArray());
        figures.put("ece" + when, quality.ece());
        figures.put("brier" + when, quality.brier());
        figures.put("auroc" + when, quality.auroc());
        all.sort(Comparator.comparingDouble(Seen::confidence).reversed());
        figures.put("risk_at_80" + when, wrong(all.subList(0, (int) Math.ceil(COVERED * all.size()))));
        figures.put("ask_rate" + when, all.stream().filter(Seen::help).count() / (double) all.size());
        boolean certified = subject.figures().getOrDefault("certified", 0.0) > 0;
        figures.put("certified" + when, certified ? 1.0 : 0.0);
        if (certified) {
            var accepted = all.stream().filter(seen -> !seen.help()).toList();
            figures.put("certified_risk" + when, wrong(accepted));
            figures.put("certified_holds" + when, wrong(accepted) <= RISK ? 1.0 : 0.0);
        }
    }

    private static double wrong(List<Seen> some) {
        return some.stream().filter(seen -> !seen.right()).count() / (double) Math.max(1, some.size());
    }
}
