package dev.apprentice.server.bench.job;

import dev.apprentice.learner.Learner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What an instance's exams said, as figures; see {@link Subject#figures}. */
final class Exams {
    private Exams() {}

    static Map<String, Double> of(Learner learner, String instance) {
        var figures = new LinkedHashMap<String, Double>();
        var examined = learner.checkpoints().list(instance).stream()
                .filter(made -> made.exam() != null)
                .toList();
        int asked = 0;
        int lost = 0;
        int passed = 0;
        for (var made : examined) {
            var exam = Objects.requireNonNull(made.exam());
            asked += exam.path("passes").size();
            lost += exam.path("lost").size();
            passed += made.number() == null ? 0 : 1;
        }
        figures.put("live", learner.instances().get(instance).liveCheckpoint() > 0 ? 1.0 : 0.0);
        figures.put("candidates", (double) examined.size());
        figures.put("passed", (double) passed);
        figures.put("asked", (double) asked);
        figures.put("lost", (double) lost);
        var drift = learner.report(instance).past().drift();
        if (drift != null) {
            figures.put("drift_nats", drift.nats());
            figures.put("raw_drift_nats", drift.rawNats());
        }
        var certified = learner.values().standing(instance).certified();
        figures.put("certified", certified == null ? 0.0 : 1.0);
        return figures;
    }
}
