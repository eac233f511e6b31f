package dev.apprentice.learner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.LessonState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of an instance, in short.
 *
 * @param instance whose
 * @param liveCheckpoint number of the checkpoint that is to serve; 0 is the bare base
 * @param servingCheckpoint the one that does serve: another only where the live one is broken
 * @param checkpoints how many there are with a number
 * @param lessons how many lessons that say what to answer there are in each state
 * @param opinions how many ratings, rewards, preferences and critiques stand
 * @param lastExam how the last examined candidate did, or null
 * @param growth test, then train: how the answers did before their corrections taught anything
 */
public record Report(
        String instance,
        int liveCheckpoint,
        int servingCheckpoint,
        int checkpoints,
        Map<LessonState, Integer> lessons,
        Map<LessonKind, Integer> opinions,
        @Nullable Exam lastExam,
        Growth growth) {

    /**
     * How one candidate did.
     *
     * @param candidate {@code cand_…}
     * @param number its number, null if it failed
     * @param result its report
     * @param at when
     */
    public record Exam(String candidate, @Nullable Integer number, JsonNode result, Instant at) {}

    /**
     * The growth curve.
     *
     * @param tested how many corrected answers were judged
     * @param right share that had been right, with fading memory (factor .99); null without any
     * @param recall the same over answers that lessons acted on by recall
     * @param weights the same over answers from the weights alone
     * @param points the curve, oldest first: the newest 1,000 tests
     */
    public record Growth(
            int tested,
            @Nullable Double right,
            @Nullable Double recall,
            @Nullable Double weights,
            List<Point> points) {
        public Growth {
            points = List.copyOf(points);
        }
    }

    /**
     * One test.
     *
     * @param lesson the correction that judged it
     * @param checkpoint which version had answered
     * @param passed whether it had been right
     * @param right the fading share of right answers up to here
     * @param at when
     */
    public record Point(String lesson, int checkpoint, boolean passed, double right, Instant at) {}
}
