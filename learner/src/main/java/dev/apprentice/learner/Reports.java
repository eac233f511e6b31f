package dev.apprentice.learner;

import dev.apprentice.learner.checkpoint.Checkpoint;
import dev.apprentice.learner.checkpoint.Checkpoints;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.LessonFilter;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.lesson.Tested;
import dev.apprentice.learner.study.StudyStore;
import dev.apprentice.learner.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Draws up what became of an instance from what is stored; nothing is counted anywhere else. */
final class Reports {
    /** Fading factor of prequential accuracy (Gama et al. 2013): about the last hundred tests count. */
    private static final double FADING = 0.99;

    private static final int POINTS_MAX = 1000;

    private static final int DISPUTES_MAX = 100;

    private final Instances instances;
    private final Ledger ledger;
    private final Checkpoints checkpoints;
    private final StudyStore studies;
    private final PastReports past;
    private final Values values;

    Reports(Instances instances, Ledger ledger, Checkpoints checkpoints, StudyStore studies, Values values) {
        this.instances = instances;
        this.ledger = ledger;
        this.checkpoints = checkpoints;
        this.studies = studies;
        this.past = new PastReports(checkpoints);
        this.values = values;
    }

    Report of(String id) {
        var instance = instances.get(id);
        var all = checkpoints.list(id);
        return new Report(
                id,
                instance.liveCheckpoint(),
                checkpoints.serving(instance).number(),
                (int) all.stream().filter(made -> made.number() != null).count(),
                ledger.counts(id),
                ledger.opinions(id),
                ledger.list(new LessonFilter(id, LessonState.HELD, null), null, DISPUTES_MAX).data().stream()
                        .map(held -> new Report.Dispute(held.id(), held.reason()))
                        .toList(),
                ledger.perhapsOutdated(id, DISPUTES_MAX).entrySet().stream()
                        .map(each -> new Report.Dispute(
                                each.getKey().id(),
                                "gives the answer that " + each.getValue().id() + " has corrected elsewhere"))
                        .toList(),
                lastExam(all),
                growth(ledger.tested(id)),
                past.of(instance, all, studies.standing(id)),
                values.standing(id));
    }

    static Report.Growth growth(List<Tested> tests) {
        var all = new Fading();
        var recall = new Fading();
        var weights = new Fading();
        var points = new ArrayList<Report.Point>();
        for (var test : tests) {
            all.add(test.passed());
            (test.guided().recalled() ? recall : weights).add(test.passed());
            points.add(new Report.Point(test.lesson(), test.checkpoint(), test.passed(), all.share(), test.at()));
        }
        var newest = points.subList(Math.max(0, points.size() - POINTS_MAX), points.size());
        return new Report.Growth(tests.size(), all.shareOrNull(), recall.shareOrNull(), weights.shareOrNull(), newest);
    }

    private static Report.@Nullable Exam lastExam(List<Checkpoint> all) {
        Predicate<Checkpoint> examined = made -> made.exam() != null;
        return all.reversed().stream()
                .filter(examined)
                .findFirst()
                .map(Reports::exam)
                .orElse(null);
    }

    private static Report.@Nullable Exam exam(Checkpoint made) {
        var result = made.exam();
        return result == null ? null : new Report.Exam(made.candidate(), made.number(), result, made.created());
    }

    /** A share in which older tests weigh less. */
    private static final class Fading {
        private double right;
        private double weight;

        void add(boolean passed) {
            right = FADING * right + (passed ? 1 : 0);
            weight = FADING * weight + 1;
        }

        double share() {
            return right / weight;
        }

        @Nullable
        Double shareOrNull() {
            return weight == 0 ? null : (Double) share();
        }
    }
}
