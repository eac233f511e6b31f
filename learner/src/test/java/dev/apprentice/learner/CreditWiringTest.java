package dev.apprentice.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.value.Episode;
import dev.apprentice.learner.value.ValueState;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the value head says of an episode's turns is what a study reads, from the moment it is calibrated. */
@Timeout(180)
class CreditWiringTest {
    private static final String ME = "apprentice";
    private static final String TASK = "task";
    private static final int GRADED = 110;

    @TempDir
    private Path data;

    @Test
    void aStudyReadsTheCreditThatIsShown() throws InterruptedException {
        try (var tiny = new TinyLearner(data)) {
            var learner = tiny.learner();
            var store = new LearnerStore(
                    learner.instances(),
                    learner.lessons(),
                    learner.checkpoints(),
                    learner.values(),
                    tiny.engine().base().config());
            says(tiny, "rain and snow 1", TASK);
            says(tiny, "bills and fees 2", TASK);
            learner.lessons().give(new Feedback.EpisodeReward(TASK, null, 1, "ann"), null, "local");
            assertThat(credits(store)).as("while nothing is calibrated").isEmpty();

            for (int i = 0; i < GRADED; i++) {
                var id = says(tiny, (i % 2 == 0 ? "rain and snow " : "bills and fees ") + i, null);
                learner.lessons().give(new Feedback.Reward(id, 0, i % 2 == 0 ? 1 : 0, "ann"), null, "local");
            }
            while (learner.values().standing(ME).outcomes() != GRADED + 2) {
                var _ = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
            }
            assertThat(learner.values().standing(ME).state()).isEqualTo(ValueState.CALIBRATED);

            var shown = learner.values().episode(ME, TASK).orElseThrow();
            assertThat(shown.credited()).isEqualTo(Episode.Source.VALUE);
            var expected = new HashMap<String, Double>();
            shown.turns().forEach(turn -> expected.put(turn.interaction(), Objects.requireNonNull(turn.advantage())));
            assertThat(expected).hasSize(2);
            assertThat(credits(store)).isEqualTo(expected);
        }
    }

    private static Map<String, Double> credits(LearnerStore store) {
        return store.judged(ME).stream()
                .filter(Judged.Rewarded.class::isInstance)
                .map(Judged.Rewarded.class::cast)
                .filter(rewarded -> rewarded.lesson().own().containsKey("episode"))
                .findFirst()
                .orElseThrow()
                .credits();
    }

    private static String says(TinyLearner tiny, String text, @Nullable String episode) throws InterruptedException {
        var question = new Question(
                List.of(ChatMessage.of("user", text)),
                List.of(),
                new Constraint.None(),
                SamplingParams.greedy(16),
                16,
                Extras.NONE,
                episode,
                null,
                "chatcmpl-");
        try (var answer = tiny.learner().agent(ME).ask(question)) {
            answer.await();
            return answer.id();
        }
    }
}
