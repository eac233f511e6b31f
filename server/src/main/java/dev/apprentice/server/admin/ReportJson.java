package dev.apprentice.server.admin;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.learner.Learner;
import dev.apprentice.learner.Report;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.study.StudyStatus;
import dev.apprentice.server.http.Wire;
import java.util.Locale;

/** A report as the contract writes it. */
public final class ReportJson {
    private ReportJson() {}

    /** The report on {@code instance}. */
    public static ObjectNode of(Learner learner, String instance) {
        return of(learner.report(instance), learner.studying(instance));
    }

    private static ObjectNode of(Report report, StudyStatus studying) {
        var json = Wire.object()
                .put("instance", report.instance())
                .put("live_checkpoint", report.liveCheckpoint())
                .put("serving_checkpoint", report.servingCheckpoint())
                .put("checkpoints", report.checkpoints());
        var lessons = json.putObject("lessons");
        for (var state : LessonState.values()) {
            lessons.put(state.name().toLowerCase(Locale.ROOT), report.lessons().getOrDefault(state, 0));
        }
        var opinions = json.putObject("opinions");
        for (var kind : LessonKind.values()) {
            if (!kind.teaches()) {
                opinions.put(
                        kind.name().toLowerCase(Locale.ROOT), report.opinions().getOrDefault(kind, 0));
            }
        }
        json.set("to_decide", Wire.value(report.toDecide()));
        json.set("perhaps_outdated", Wire.value(report.perhapsOutdated()));
        json.set("studying", Wire.value(studying));
        json.set("growth", Wire.value(report.growth()));
        var past = report.past();
        json.set("exams", Wire.value(past.exams()));
        var drift = past.drift();
        json.set("drift", drift == null ? NullNode.getInstance() : Wire.value(drift));
        json.set("losses", Wire.value(past.losses()));
        json.set("withdrawn_in_weights", Wire.value(past.withdrawnInWeights()));
        json.set("rivals", Wire.value(past.rivals()));
        json.set("trials", Wire.value(past.trials()));
        json.set("value", Wire.value(report.value()));
        var exam = report.lastExam();
        if (exam == null) {
            return json.putNull("last_exam");
        }
        json.set("last_exam", Wire.value(exam));
        return json;
    }
}
