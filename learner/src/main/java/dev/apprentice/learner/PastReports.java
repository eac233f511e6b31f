package dev.apprentice.learner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.learner.checkpoint.Checkpoint;
import dev.apprentice.learner.checkpoint.Checkpoints;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.promotion.Trial;
import dev.apprentice.learner.study.PlanRecord;
import dev.apprentice.learner.study.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What exams and live traffic said of an instance's candidates, drawn up from the registry. */
final class PastReports {
    private static final int NEWEST = 20;

    private final Checkpoints checkpoints;

    PastReports(Checkpoints checkpoints) {
        this.checkpoints = checkpoints;
    }

    Report.Past of(Instance instance, List<Checkpoint> all, Standing standing) {
        var exams = all.reversed().stream()
                .filter(made -> made.exam() != null)
                .limit(NEWEST)
                .map(PastReports::sat)
                .toList();
        return new Report.Past(
                exams,
                drift(instance, all),
                losses(all, standing),
                standing.withdrawn().stream().sorted().toList(),
                PlanRecord.of(all.stream()
                        .map(Checkpoint::exam)
                        .filter(Objects::nonNull)
                        .toList()),
                trials(instance));
    }

    private static Report.Sat sat(Checkpoint made) {
        var exam = exam(made);
        var failed = new ArrayList<String>();
        var notExamined = new ArrayList<String>();
        for (var criterion : exam.path("criteria")) {
            var says = criterion.path("id").asText() + ": "
                    + criterion.path("says").asText();
            switch (criterion.path("result").asText()) {
                case "FAILS" -> failed.add(says);
                case "NOT_EXAMINED" -> notExamined.add(says);
                default -> {} // it holds, or an older report that names no result
            }
        }
        var reason = made.reason() == null ? String.join("; ", failed) : made.reason();
        return new Report.Sat(
                made.candidate(),
                made.number(),
                made.origin(),
                exam.path("verdict").asText("").toLowerCase(Locale.ROOT),
                reason,
                notExamined,
                exam.path("look").asInt() + 1,
                exam.path("rivals").path("plan").textValue(),
                made.created());
    }

    private static JsonNode exam(Checkpoint made) {
        var exam = made.exam();
        return exam == null ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : exam;
    }

    private static Report.@Nullable Drift drift(Instance instance, List<Checkpoint> all) {
        for (var made : all) {
            var number = made.number();
            var figures = exam(made).path("figures");
            if (number != null && number == instance.liveCheckpoint() && figures.isObject()) {
                return new Report.Drift(
                        figures.path("drift_nats").asDouble(),
                        figures.path("raw_drift_nats").asDouble(),
                        figures.path("unchanged").asDouble(),
                        figures.path("gate_closed").asDouble());
            }
        }
        return null;
    }

    private static List<Report.Loss> losses(List<Checkpoint> all, Standing standing) {
        Map<String, Integer> times = new HashMap<>();
        for (var made : all) {
            exam(made).path("lost").forEach(id -> times.merge(id.asText(), 1, Integer::sum));
        }
        standing.turnover().lost().forEach(id -> times.putIfAbsent(id, 0));
        return times.entrySet().stream()
                .map(item -> new Report.Loss(
                        item.getKey(),
                        item.getValue(),
                        standing.turnover().lost().contains(item.getKey())))
                .sorted(Comparator.comparingInt(Report.Loss::times).reversed().thenComparing(Report.Loss::lesson))
                .limit(NEWEST)
                .toList();
    }

    private List<Report.Tried> trials(Instance instance) {
        var trials = checkpoints.onTrial().trials();
        Map<Long, String> running = new HashMap<>();
        for (var finding : trials.weigh(instance)) {
            running.put(finding.trial().id(), finding.says());
        }
        return trials.newest(instance.id(), NEWEST).stream()
                .map(trial -> tried(trial, running.getOrDefault(trial.id(), "")))
                .toList();
    }

    private static Report.Tried tried(Trial trial, String standing) {
        var outcome = trial.outcome();
        var says = trial.says();
        return new Report.Tried(
                trial.kind().name().toLowerCase(Locale.ROOT),
                trial.checkpoint(),
                trial.against(),
                trial.began(),
                trial.ended(),
                outcome == null ? null : outcome.name().toLowerCase(Locale.ROOT),
                says == null ? standing : says);
    }
}
