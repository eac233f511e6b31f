package dev.apprentice.learner.exam;

import dev.apprentice.learner.exam.Exam.Question;
import dev.apprentice.learner.lesson.Lesson;
import java.util.List;

/**
 * What was asked of live and candidate, and who was right; lists of results are in the order of what was asked.
 *
 * @param lessons whose own requests were asked, the new ones first
 * @param before whether live answers them right, without recall
 * @param now whether the candidate does
 * @param views exam views that were asked
 * @param viewsBefore whether live answers them right, as served without recall
 * @param viewsNow whether the candidate does
 * @param viewsRecalled whether the candidate answers the first view of each lesson right, with recall
 * @param gateOpen share of the views that the candidate's gate lets through
 */
record Sitting(
        List<Lesson> lessons,
        List<Boolean> before,
        List<Boolean> now,
        List<Question> views,
        List<Boolean> viewsBefore,
        List<Boolean> viewsNow,
        List<Boolean> viewsRecalled,
        double gateOpen) {

    /**
     * What was found beside the lessons.
     *
     * @param local what happened to other requests
     * @param context whether it still reads its context
     * @param value what the value function is worth
     * @param policy what rated answers say
     */
    record Beside(Locality.Found local, InContext.Found context, ValueExam.Found value, OffPolicy.Found policy) {}
}
