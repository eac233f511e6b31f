package dev.apprentice.learner;

import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.recall.RecallSettings;
import dev.apprentice.learner.study.StudyPlan;
import java.nio.file.Path;

/**
 * Where and how instances learn.
 *
 * @param data the folder of everything that must survive
 * @param recall how lessons act on answers
 * @param study how lessons become weights
 * @param exam what a candidate must pass
 */
public record LearnerSettings(Path data, RecallSettings recall, StudyPlan study, ExamPlan exam) {
    /** Defaults over the folder {@code data}. */
    public static LearnerSettings of(Path data) {
        return new LearnerSettings(data, RecallSettings.DEFAULT, StudyPlan.DEFAULT, ExamPlan.DEFAULT);
    }
}
