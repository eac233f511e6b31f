package dev.apprentice.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.promotion.PastAnswers;
import dev.apprentice.learner.store.Store;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PastAnswersTest {
    @TempDir
    private Path data;

    @Test
    void ratedAnswersComeBackAsTheyWereServedAndThoseOfRecallDoNot() throws InterruptedException {
        double served;
        int prompt;
        int[] tokens;
        try (var tiny = new TinyLearner(data)) {
            try (var answer = tiny.asks("apprentice", "Where?")) {
                var recorded = new CountDownLatch(1);
                answer.whenRecorded(_ -> recorded.countDown());
                var said = answer.await();
                assertThat(recorded.await(1, TimeUnit.MINUTES)).isTrue();
                served = said.tokens().stream()
                        .mapToDouble(SampledToken::logprob)
                        .sum();
                tokens = said.tokens().stream().mapToInt(SampledToken::id).toArray();
                prompt = answer.promptTokens();
                rate(tiny, answer.id(), 1.0, "ann");
                rate(tiny, answer.id(), 0.5, "bob");
                tiny.correct(answer.id(), "There.");
            }
            try (var forced = tiny.asks("apprentice", "Where?")) { // the correction's words, not the model's
                var recorded = new CountDownLatch(1);
                forced.whenRecorded(_ -> recorded.countDown());
                assertThat(forced.await().text()).isEqualTo("There.");
                assertThat(recorded.await(1, TimeUnit.MINUTES)).isTrue();
                rate(tiny, forced.id(), 1.0, "ann");
            }
        }
        try (var store = Store.open(data)) {
            var log = new PastAnswers(store);
            assertThat(log.rewarded("apprentice", 1)).isEmpty();
            assertThat(log.rewarded("apprentice", 0)).singleElement().satisfies(rewarded -> {
                assertThat(rewarded.logprob()).isCloseTo(served, within(1e-4)); // kept as single precision
                assertThat(rewarded.tokens()).isEqualTo(tokens);
                assertThat(rewarded.promptTokens()).isEqualTo(prompt);
                assertThat(rewarded.reward()).isCloseTo(0.75, within(1e-9));
                assertThat(rewarded.messages()).hasSize(1);
            });
        }
    }

    private static void rate(TinyLearner tiny, String id, double reward, String by) {
        var _ = tiny.learner().lessons().give(new Feedback.Reward(id, 0, reward, by), null, "local");
    }
}
