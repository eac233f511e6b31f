package dev.apprentice.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.value.ValueState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From grades to confidence, over restarts, and back where grades are taken back. */
@Timeout(120)
class ValueWiringTest {
    private static final int GRADED = 30;
    private static final String ME = "apprentice";

    @TempDir
    private Path data;

    private static List<Lesson> grade(TinyLearner tiny) throws InterruptedException {
        var words = new ArrayList<Lesson>();
        for (int i = 0; i < GRADED; i++) {
            try (var answer = tiny.asks(ME, (i % 2 == 0 ? "rain and snow " : "bills and fees ") + i)) {
                answer.await();
                words.add(tiny.learner()
                        .lessons()
                        .give(new Feedback.Reward(answer.id(), 0, i % 2 == 0 ? 1 : 0, "ann"), null, "local"));
            }
        }
        return words;
    }

    private static void awaitOutcomes(TinyLearner tiny, int wanted) throws InterruptedException {
        while (tiny.learner().values().standing(ME).outcomes() != wanted) {
            var _ = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
    }

    private static @Nullable Double confidence(TinyLearner tiny, String text) throws InterruptedException {
        try (var answer = tiny.asks(ME, text)) {
            answer.await();
            return answer.provenance().confidence();
        }
    }

    @Test
    void confidenceIsTheSameAfterARestart() throws InterruptedException {
        Double before;
        try (var tiny = new TinyLearner(data)) {
            tiny.learner().instances().freeze(ME); // its answers stay as they are
            assertThat(confidence(tiny, "rain")).as("before any grade").isNull();
            grade(tiny);
            awaitOutcomes(tiny, GRADED);
            assertThat(tiny.learner().report(ME).value().state()).isNotEqualTo(ValueState.NOT_FITTED);
            before = confidence(tiny, "rain");
            assertThat(before).isBetween(0.0, 1.0);
        }
        try (var tiny = new TinyLearner(data)) {
            assertThat(confidence(tiny, "rain")).isEqualTo(before);
        }
    }

    @Test
    void whatWasSaidBeforeACrashIsFittedAtTheNextStart() throws InterruptedException {
        try (var tiny = new TinyLearner(data)) {
            grade(tiny); // closed at once: perhaps before anything is fitted
        }
        try (var tiny = new TinyLearner(data)) {
            awaitOutcomes(tiny, GRADED);
            assertThat(confidence(tiny, "rain")).isNotNull();
        }
    }

    @Test
    void aGradeThatIsTakenBackCountsNoMore() throws InterruptedException {
        try (var tiny = new TinyLearner(data)) {
            var words = grade(tiny);
            awaitOutcomes(tiny, GRADED);
            for (var word : words.subList(0, 2)) {
                tiny.learner().lessons().withdraw(word.id());
            }
            awaitOutcomes(tiny, GRADED - 2);
        }
    }

    @Test
    void otherInstancesAndTheBaseKnowNothingOfIt() throws InterruptedException {
        try (var tiny = new TinyLearner(data)) {
            grade(tiny);
            awaitOutcomes(tiny, GRADED);
            try (var answer = tiny.asks("base", "rain")) {
                answer.await();
                assertThat(answer.provenance().confidence()).isNull();
            }
            tiny.learner().instances().delete(ME);
            assertThat(tiny.learner().values().standing(ME).state()).isEqualTo(ValueState.NOT_FITTED);
        }
    }
}
