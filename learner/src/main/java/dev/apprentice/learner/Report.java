package dev.apprentice.learner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.study.PlanRecord;
import dev.apprentice.learner.value.Standing;
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
 * @param toDecide lessons that are held because they contradict another, oldest first, at most 100: a person is asked
 * @param perhapsOutdated lessons with an answer that has been corrected elsewhere, perhaps in another wording of the
 *     same question, at most 100; they act as before
 * @param lastExam how the last examined candidate did, or null
 * @param growth test, then train: how the answers did before their corrections taught anything
 * @param past what exams and live traffic said of its candidates
 * @param value how far it knows what it does not know
 */
public record Report(
        String instance,
        int liveCheckpoint,
        int servingCheckpoint,
        int checkpoints,
        Map<LessonState, Integer> lessons,
        Map<LessonKind, Integer> opinions,
        List<Dispute> toDecide,
        List<Dispute> perhapsOutdated,
        @Nullable Exam lastExam,
        Growth growth,
        Past past,
        Standing value) {

    /**
     * What exams and live traffic said.
     *
     * @param exams the newest first, at most 20
     * @param drift how far the live checkpoint is from the base, null where none was examined
     * @param losses lessons that candidates lose, those that are lost oftenest first, at most 20
     * @param withdrawnInWeights ids of lessons that were taken back and that the live weights were trained on: a
     *     rebuild takes them out
     * @param rivals how plans have done against each other, where several competed in a study
     * @param trials shadows, canaries and what was watched after its promotion, the newest first, at most 20
     */
    public record Past(
            List<Sat> exams,
            @Nullable Drift drift,
            List<Loss> losses,
            List<String> withdrawnInWeights,
            List<PlanRecord> rivals,
            List<Tried> trials) {
        public Past {
            exams = List.copyOf(exams);
            losses = List.copyOf(losses);
            withdrawnInWeights = List.copyOf(withdrawnInWeights);
            rivals = List.copyOf(rivals);
            trials = List.copyOf(trials);
        }
    }

    /**
     * An exam, in short.
     *
     * @param candidate {@code cand_…}
     * @param checkpoint its number, null if it failed
     * @param origin what the candidate was made by
     * @param verdict how it ended
     * @param reason why it failed, empty if it passed
     * @param notExamined what could not be examined, and why
     * @param look which candidate on the same lessons it was, from 1
     * @param rival how its plan differed from the usual one where plans competed, null where none did
     * @param at when the candidate was made
     */
    public record Sat(
            String candidate,
            @Nullable Integer checkpoint,
            String origin,
            String verdict,
            String reason,
            List<String> notExamined,
            int look,
            @Nullable String rival,
            Instant at) {
        public Sat {
            notExamined = List.copyOf(notExamined);
        }
    }

    /**
     * How far the live checkpoint has moved from the base.
     *
     * @param nats as served, per token of general answers
     * @param rawNats the same with the gate forced open
     * @param unchanged share of general answers that are as the base's
     * @param gateClosed share of general prompts that the gate keeps out
     */
    public record Drift(double nats, double rawNats, double unchanged, double gateClosed) {}

    /**
     * A lesson that candidates lose.
     *
     * @param lesson its id
     * @param times how many candidates lost it
     * @param lostNow whether the checkpoint that serves has lost it
     */
    public record Loss(String lesson, int times, boolean lostNow) {}

    /**
     * A trial, with how it stands or ended.
     *
     * @param kind {@code shadow}, {@code canary} or {@code watch}
     * @param checkpoint who is tried
     * @param against who it is compared with
     * @param began when
     * @param ended when, null while it runs
     * @param outcome how, null while it runs
     * @param says what was found, in words
     */
    public record Tried(
            String kind,
            int checkpoint,
            int against,
            Instant began,
            @Nullable Instant ended,
            @Nullable String outcome,
            String says) {}

    /**
     * A question to a person: which of two lessons is right.
     *
     * @param lesson the one that is held
     * @param reason which other one it contradicts
     */
    public record Dispute(String lesson, @Nullable String reason) {}

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
