package dev.apprentice.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.checkpoint.CheckpointState;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.instance.InstancePatch;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.promotion.Trial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints on live traffic, with adapters that were uploaded and so need no study. */
class TrialsTest {
    private static final String ID = "apprentice";

    @TempDir
    private Path data;

    private TinyLearner tiny;
    private Learner learner;

    /** An answer with who gave it. */
    private record Said(String id, int checkpoint, String text) {}

    @BeforeEach
    void open() {
        tiny = new TinyLearner(data);
        learner = tiny.learner();
        patch(Map.of("min_lessons_to_study", 1_000_000)); // no study makes a checkpoint of what is said here
    }

    @AfterEach
    void close() {
        tiny.close();
    }

    @Test
    void aCanaryAnswersItsShareAndEachTaskStaysWithOne() throws InterruptedException {
        canary(30);

        var first = new ArrayList<Integer>();
        var second = new ArrayList<Integer>();
        for (int task = 0; task < 60; task++) {
            first.add(ask("task-" + task, "Where?").checkpoint());
            second.add(ask("task-" + task, "And then?").checkpoint());
        }

        assertThat(second).isEqualTo(first);
        assertThat(first).containsOnly(1, 2);
        assertThat(first.stream().filter(n -> n == 2).count()).isBetween(8L, 30L); // 18 of 60, within 3 sd of 3.5
    }

    @Test
    void theCanarysWordsAreTheCanarys() throws InterruptedException {
        canary(50);
        for (int task = 0; task < 8; task++) {
            var said = ask("task-" + task, "Where?");
            assertThat(said.text())
                    .isEqualTo(tiny.weightsSay(ID + "@" + said.checkpoint(), "Where?")
                            .text());
        }
    }

    @Test
    void aCanaryThatPeopleLikeBetterGoesLive() throws InterruptedException {
        canary(50);

        rateUntil(said -> said.checkpoint() == 2 ? 1 : 0, () -> live() == 2);

        assertThat(state(2)).isEqualTo(CheckpointState.LIVE);
        assertThat(state(1)).isEqualTo(CheckpointState.RETIRED);
        var trial = trial(Trial.Kind.CANARY);
        assertThat(trial.outcome()).isEqualTo(Trial.Outcome.PROMOTED);
        assertThat(trial.says()).startsWith("it is better: over ");
    }

    @Test
    void aCanaryThatPeopleLikeLessIsWithdrawn() throws InterruptedException {
        canary(50);

        rateUntil(said -> said.checkpoint() == 2 ? 0 : 1, () -> state(2) == CheckpointState.RETIRED);

        assertThat(live()).isEqualTo(1);
        assertThat(trial(Trial.Kind.CANARY).outcome()).isEqualTo(Trial.Outcome.WITHDRAWN);
        assertThat(learner.checkpoints().get(ID, 2).reason()).startsWith("it is worse");
        assertThat(ask("task-1", "Where?").checkpoint()).isEqualTo(1);
    }

    @Test
    void whereNobodySaysAnythingTheExamHasTheLastWord() {
        canary(50);
        tiny.pass(Duration.ofHours(23));
        settle();
        assertThat(state(2)).isEqualTo(CheckpointState.CANARY);
        tiny.pass(Duration.ofHours(1));
        settle();
        assertThat(live()).isEqualTo(2);
        assertThat(trial(Trial.Kind.CANARY).says()).startsWith("nothing speaks against it, but few said anything");
    }

    @Test
    void aFallingRewardAfterAPromotionRollsBackByItself() throws InterruptedException {
        tiny.promoted(ID, 1);
        for (int i = 0; i < 25; i++) {
            rate(ask(null, "Early " + i), 1);
        }
        tiny.pass(Duration.ofSeconds(1));
        tiny.promoted(ID, 2);
        rate(ask(null, "One"), 0);
        settle();
        assertThat(live()).isEqualTo(2); // one thumb down is no reason

        rateUntil(_ -> 0, () -> live() == 1);

        assertThat(state(2)).isEqualTo(CheckpointState.RETIRED);
        assertThat(trial(Trial.Kind.WATCH).outcome()).isEqualTo(Trial.Outcome.ROLLED_BACK);
        var events = learner.events().after(0, 1_000);
        assertThat(events)
                .filteredOn(event -> event.kind() == EventKind.ROLLBACK)
                .extracting(event -> event.data().path("reason").asText())
                .singleElement()
                .asString()
                .contains("the reward has fallen");
    }

    @Test
    void aShadowAnswersTooAndIsNeverShown() throws InterruptedException {
        tiny.promoted(ID, 1);
        patch(Map.of("shadow_percent", 100));
        upload(2);
        learner.checkpoints().promote(ID, "2", false, Trial.Kind.SHADOW);

        for (int i = 0; i < 7; i++) { // what only live has right: seven of them are evidence enough
            var said = ask(null, "Question number " + i);
            assertThat(said.checkpoint()).isEqualTo(1);
            settleShadow(i + 1);
            tiny.correct(said.id(), said.text());
        }

        await(() -> state(2) == CheckpointState.RETIRED);
        var trial = trial(Trial.Kind.SHADOW);
        assertThat(trial.outcome()).isEqualTo(Trial.Outcome.WITHDRAWN);
        assertThat(trial.says())
                .contains("7 answers in the shadow, 0 of them the same")
                .contains("7 only in the light");
        assertThat(live()).isEqualTo(1);
    }

    @Test
    void afterARestartTheCanaryGoesOn() throws InterruptedException {
        canary(50);
        var before = new ArrayList<Integer>();
        for (int task = 0; task < 10; task++) {
            before.add(ask("task-" + task, "Where?").checkpoint());
        }
        close();
        open();
        var after = new ArrayList<Integer>();
        for (int task = 0; task < 10; task++) {
            after.add(ask("task-" + task, "Where?").checkpoint());
        }
        assertThat(after).isEqualTo(before);
        assertThat(state(2)).isEqualTo(CheckpointState.CANARY);
    }

    @Test
    void aFrozenInstanceAnswersByWhatIsLiveAndDecidesNothing() throws InterruptedException {
        canary(100);
        assertThat(ask("task", "Where?").checkpoint()).isEqualTo(2);
        learner.instances().freeze(ID);
        assertThat(ask("task", "Where?").checkpoint()).isEqualTo(1);
        learner.instances().unfreeze(ID);
        assertThat(ask("task", "Where?").checkpoint()).isEqualTo(2);
    }

    @Test
    void whatMakesNoSenseIsRefusedByName() {
        tiny.promoted(ID, 1);
        upload(2);
        assertThatThrownBy(() -> learner.checkpoints().promote(ID, "2", false, Trial.Kind.CANARY))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.field()).isEqualTo("policy.canary_percent"));
        patch(Map.of("canary_percent", 10));
        assertThatThrownBy(() -> learner.checkpoints().promote(ID, "1", false, Trial.Kind.CANARY))
                .extracting(e -> ((ApprenticeException) e).code())
                .isEqualTo("checkpoint_live");
        assertThatThrownBy(() -> learner.checkpoints().onTrial().withdraw(ID, "2"))
                .extracting(e -> ((ApprenticeException) e).code())
                .isEqualTo("checkpoint_not_on_trial");
    }

    @Test
    void whoeverIsPromotedRolledBackOrTriedNextEndsATrial() throws InterruptedException {
        canary(50);
        upload(3);
        learner.checkpoints().promote(ID, "3", false, Trial.Kind.CANARY);
        assertThat(state(2)).isEqualTo(CheckpointState.RETIRED);
        assertThat(state(3)).isEqualTo(CheckpointState.CANARY);
        learner.checkpoints().promote(ID, "3", false);
        assertThat(live()).isEqualTo(3);
        assertThat(learner.checkpoints().onTrial().trials().candidate(ID)).isEmpty();
        learner.checkpoints().promote(ID, "2", false, Trial.Kind.CANARY);
        learner.checkpoints().rollback(ID);
        assertThat(live()).isEqualTo(1);
        assertThat(state(2)).isEqualTo(CheckpointState.RETIRED);
    }

    private void canary(int percent) {
        tiny.promoted(ID, 1);
        patch(Map.of("canary_percent", percent));
        upload(2);
        learner.checkpoints().promote(ID, "2", false, Trial.Kind.CANARY);
    }

    private void upload(int seed) {
        var _ = learner.checkpoints().upload(ID, TinyLearner.adapter(seed), "ann");
    }

    private void patch(Map<String, Object> policy) {
        var _ = learner.instances().patch(ID, new InstancePatch(null, null, Map.copyOf(policy)));
    }

    private Said ask(@Nullable String episode, String asked) throws InterruptedException {
        var question = new Question(
                List.of(ChatMessage.of("user", asked)),
                List.of(),
                new Constraint.None(),
                SamplingParams.greedy(16),
                16,
                Extras.NONE,
                episode,
                null,
                "chatcmpl-");
        try (var answer = learner.agent(ID).ask(question)) {
            var recorded = new CountDownLatch(1);
            answer.whenRecorded(_ -> recorded.countDown());
            var text = answer.await().text();
            assertThat(recorded.await(1, TimeUnit.MINUTES)).isTrue();
            return new Said(answer.id(), answer.provenance().checkpoint(), text);
        }
    }

    private void rate(Said said, double reward) {
        var _ = learner.lessons().give(new Feedback.Reward(said.id(), 0, reward, "ann"), null, "local");
    }

    /** Asks and rates until something has become of it. */
    private void rateUntil(ToDoubleFunction<Said> reward, BooleanSupplier reached) throws InterruptedException {
        for (int i = 0; i < 400 && !reached.getAsBoolean(); i++) {
            var said = ask("rated-" + i, "Rated " + i);
            rate(said, reward.applyAsDouble(said));
        }
        await(reached);
    }

    private int live() {
        return learner.instances().get(ID).liveCheckpoint();
    }

    private CheckpointState state(int number) {
        return learner.checkpoints().get(ID, number).state();
    }

    private Trial trial(Trial.Kind kind) {
        return learner.checkpoints().onTrial().trials().newest(ID, 20).stream()
                .filter(trial -> trial.kind() == kind && trial.ended() != null)
                .findFirst()
                .orElseThrow();
    }

    /** What was said so far has been weighed. */
    private void settle() {
        learner.checkpoints().onTrial().weigh(ID);
    }

    private void settleShadow(int answers) throws InterruptedException {
        await(() -> learner
                .checkpoints()
                .onTrial()
                .trials()
                .weigh(learner.instances().get(ID))
                .stream()
                .anyMatch(finding -> finding.says().startsWith(answers + " answers in the shadow")));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Awaiting.until(condition, Duration.ofMinutes(1));
    }
}
