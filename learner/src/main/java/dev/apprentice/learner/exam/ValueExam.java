package dev.apprentice.learner.exam;

import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.recall.Recalled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * E4 of docs/learning.md: whether the candidate's value function knows as well as live's how good its answers are. The
 * exam judges what is measured here; an instance without a value function is not examined, and its report says so.
 * Called by the learner thread.
 */
public interface ValueExam {
    /** Nobody has fitted one. */
    ValueExam NONE = (_, _) -> new Found.NotExamined("no value function is fitted");

    /** After which layers it has to see the answers that {@code instance} gives in an exam. */
    default List<Integer> watched(Instance instance) {
        return List.of();
    }

    /**
     * Measures live and candidate on answers to the same questions, of those to which no answer is known to either.
     *
     * @param answers what the exam's views were answered, as served without recall
     */
    Found measure(Candidate candidate, List<Asked> answers) throws InterruptedException;

    /**
     * A question that both answered.
     *
     * @param lesson which says what is right
     * @param messages the question
     * @param live who serves now
     * @param candidate who is examined
     */
    record Asked(Lesson lesson, List<ChatMessage> messages, Answer live, Answer candidate) {
        public Asked {
            messages = List.copyOf(messages);
        }
    }

    /**
     * How it was answered.
     *
     * @param whole with its trace where there was something to watch
     * @param recalled what acted on it, and how like the lessons it was
     * @param adapted whether an adapter answered
     * @param right whether it was what the lesson wants
     */
    record Answer(Completion whole, Recalled recalled, boolean adapted, boolean right) {}

    /** What came of it. */
    sealed interface Found {
        /**
         * There is nothing to measure.
         *
         * @param why in words
         */
        record NotExamined(String why) implements Found {}

        /**
         * Both were measured.
         *
         * @param live the live checkpoint's, null where only the candidate has a value function
         * @param candidate the candidate's
         */
        record Measured(@Nullable Scores live, Scores candidate) implements Found {}
    }

    /**
     * How well a value function does.
     *
     * @param outcomes on how many graded answers
     * @param brier mean squared error of the probability, 0 is best
     * @param ece expected calibration error, 0 is best
     * @param auroc share of pairs of a good and a bad answer that it puts in order, null without both kinds
     */
    record Scores(
            int outcomes,
            double brier,
            double ece,
            @Nullable Double auroc) {}
}
