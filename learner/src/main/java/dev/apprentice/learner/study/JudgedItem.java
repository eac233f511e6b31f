package dev.apprentice.learner.study;

import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.lesson.Lesson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A judged answer, or a pair of them, as tokens. */
sealed interface JudgedItem {
    /** What says so. */
    Lesson lesson();

    /** The answers whose log-probabilities decide. */
    List<Row> rows();

    /**
     * An answer after its request.
     *
     * @param tokens both
     * @param start of the answer
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
    record Row(int[] tokens, int start) {
        int count() {
            return tokens.length - start;
        }

        TrainingRow measured() {
            return new TrainingRow(tokens, start, new Loss.CrossEntropy(1));
        }

        /** To be trained with this slope at its log-probability. */
        TrainingRow sloped(double slope) {
            return new TrainingRow(tokens, start, Loss.Sloped.evenly(slope, count()));
        }
    }

    /** One is better than the other. */
    record Pair(Lesson lesson, Row chosen, Row rejected) implements JudgedItem {
        @Override
        public List<Row> rows() {
            return List.of(chosen, rejected);
        }
    }

    /**
     * Good or bad.
     *
     * @param mismatched the request with the answer of another, to see what the weights have moved where nothing was
     *     said; null where there is no other
     */
    record Thumb(Lesson lesson, Row answer, @Nullable Row mismatched, boolean good) implements JudgedItem {
        @Override
        public List<Row> rows() {
            return mismatched == null ? List.of(answer) : List.of(answer, mismatched);
        }
    }

    /**
     * How good.
     *
     * @param advantage by how much the reward is above what was expected
     * @param then log-probability of the answer when it was sampled, null where that is not known
     */
    record Grade(
            Lesson lesson,
            Row answer,
            double advantage,
            @Nullable Double then) implements JudgedItem {
        @Override
        public List<Row> rows() {
            return List.of(answer);
        }
    }
}
