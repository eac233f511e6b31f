package dev.apprentice.learner;

import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.promotion.TrialPlan;
import dev.apprentice.learner.recall.RecallSettings;
import dev.apprentice.learner.study.RivalPlan;
import dev.apprentice.learner.study.StudyPlan;
import dev.apprentice.learner.study.StudyStart;
import dev.apprentice.learner.value.ValuePlan;
import java.nio.file.Path;

/**
 * Where and how instances learn.
 *
 * @param data the folder of everything that must survive
 * @param recall how lessons act on answers
 * @param study how lessons become weights
 * @param rivals whether several plans compete in a study
 * @param start when a study starts
 * @param exam what a candidate must pass
 * @param trial how it is tried on live traffic, and watched when it is live
 * @param value how it is found out how good an answer probably is
 */
public record LearnerSettings(
        Path data,
        RecallSettings recall,
        StudyPlan study,
        RivalPlan rivals,
        StudyStart start,
        ExamPlan exam,
        TrialPlan trial,
        ValuePlan value) {
    /** Defaults over the folder {@code data}. */
    public static LearnerSettings of(Path data) {
        return new LearnerSettings(
                data,
                RecallSettings.DEFAULT,
                StudyPlan.DEFAULT,
                RivalPlan.DEFAULT,
                StudyStart.DEFAULT,
                ExamPlan.DEFAULT,
                TrialPlan.DEFAULT,
                ValuePlan.DEFAULT);
    }

    /** The same with studies that go as {@code other} says. */
    public LearnerSettings with(StudyPlan other) {
        return new LearnerSettings(data, recall, other, rivals, start, exam, trial, value);
    }

    /** The same with studies that start as {@code other} says. */
    public LearnerSettings with(StudyStart other) {
        return new LearnerSettings(data, recall, study, rivals, other, exam, trial, value);
    }

    /** The same with studies in which plans compete as {@code other} says. */
    public LearnerSettings with(RivalPlan other) {
        return new LearnerSettings(data, recall, study, other, start, exam, trial, value);
    }
}
