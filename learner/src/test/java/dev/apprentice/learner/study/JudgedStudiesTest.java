package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.Awaiting;
import dev.apprentice.learner.base.FakeBase;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.interaction.Spoken;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.lesson.Waiting;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.recall.RecallSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ratings, rewards and preferences in studies, around a model that learns whatever it is told. */
class JudgedStudiesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeBase base = new FakeBase();

    @TempDir
    Path folder;

    private MemoryStore store;
    private Recall recall;

    @BeforeEach
    void open() {
        store = new MemoryStore(folder, NOW);
        recall = Recall.open(base, Probes.load(), store, RecallSettings.DEFAULT, folder.resolve("recall"));
        store.watch(live -> recall.use(MemoryStore.ID, live));
        base.measured = this::moved;
        base.answers((prompt, _) -> prompt.contains("Which desk handles message 0") ? "Desk-0" : "I do not know.");
    }

    @AfterEach
    void close() {
        recall.close();
    }

    @Test
    void enoughPreferencesAloneAreStudiedAndGoLive() throws InterruptedException {
        IntStream.range(0, 4).forEach(this::prefer);

        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(store.states()).containsOnly(LessonState.LIVE);
        assertThat(Objects.requireNonNull(store.live(MemoryStore.ID)).lessons()).hasSize(4);
        assertThat(sloped()).anyMatch(row -> slope(row) < 0).anyMatch(row -> slope(row) > 0);
        assertThat(store.exams().getLast().get("passes").size()).isEqualTo(4);
        assertThat(store.references(MemoryStore.ID)).hasSize(4);
    }

    @Test
    void thumbsAloneWaitUntilSomebodyAsks() throws InterruptedException {
        IntStream.range(0, 8).forEach(this::like);

        try (var studies = studies()) {
            studies.lessonGiven(MemoryStore.ID);
            await(() -> studies.status(MemoryStore.ID).phase() == StudyStatus.Phase.RESTING);
            assertThat(store.drafts()).isEmpty();
            studies.wake(MemoryStore.ID);
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(store.states()).containsOnly(LessonState.LIVE);
    }

    @Test
    void whatUsersSayNextIsNeverTheReasonOfAStudyAndFailsNone() throws InterruptedException {
        base.measured = _ -> -2; // no answer moves
        for (int i = 0; i < 8; i++) {
            judged("les_next_" + i, LessonKind.IMPLICIT, i);
        }
        try (var studies = studies()) {
            studies.wake(MemoryStore.ID);
            await(() -> studies.status(MemoryStore.ID).phase() == StudyStatus.Phase.RESTING);
            recall.add(store.teach("Which desk handles message 0 of today?", "Desk-0", NOW));
            studies.lessonGiven(MemoryStore.ID);
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(store.drafts())
                .singleElement()
                .satisfies(draft -> assertThat(draft.lessons()).hasSize(9));
        assertThat(sloped()).isNotEmpty();
    }

    @Test
    void thumbsAreReadBesideLessonsAtEachFourthStep() throws InterruptedException {
        like(7);
        recall.add(store.teach("Which desk handles message 0 of today?", "Desk-0", NOW));

        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(store.states()).containsOnly(LessonState.LIVE);
        int steps = (int) base.trained.stream()
                        .filter(row -> row.loss() instanceof Loss.StayNear)
                        .count()
                / StudyPlan.DEFAULT.anchorRows();
        assertThat(sloped().size()).isBetween(1, steps / OpinionPlan.DEFAULT.every());
    }

    @Test
    void whatDidNotMoveIsParkedAndTheLiveWeightsStay() throws InterruptedException {
        base.measured = _ -> -2; // nothing can be learnt
        IntStream.range(0, 4).forEach(this::prefer);

        try (var _ = studies()) {
            await(() -> store.states().contains(LessonState.PARKED));
        }

        assertThat(store.states()).containsOnly(LessonState.PARKED);
        assertThat(store.live(MemoryStore.ID)).isNull();
        assertThat(store.exams()).hasSize(1 + StudyPlan.DEFAULT.retries());
    }

    @Test
    void whatFailsBesideThumbsIsTriedAgainWithoutThem() throws InterruptedException {
        base.answers((prompt, adapter) -> prompt.contains("Which desk handles message 0")
                ? "Desk-0"
                : adapter != null && prompt.contains("Which desk handles message 7") ? " " : "I do not know.");
        like(7);
        var lesson = store.teach("Which desk handles message 0 of today?", "Desk-0", NOW);
        recall.add(lesson);

        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(store.drafts()).hasSize(2);
        assertThat(store.drafts().getFirst().lessons()).containsExactlyInAnyOrder(lesson.id(), "les_like_7");
        assertThat(store.drafts().getLast().lessons()).containsExactly(lesson.id());
        assertThat(store.states()).doesNotContain(LessonState.PARKED);
    }

    @Test
    void whatDecidesATrialMakesNoStudyDueUntilItHasEnded() {
        var course = new Course(MemoryStore.ID);
        var rewards = IntStream.range(0, 4)
                .mapToObj(i -> new Waiting("les_" + i, LessonKind.REWARD, NOW))
                .toList();
        store.trying("les_tried");
        course.standing(() -> store.standing(MemoryStore.ID));
        assertThat(course.waiting(() -> rewards).judged()).isZero();

        store.trying();
        course.turned();
        course.standing(() -> store.standing(MemoryStore.ID));
        assertThat(course.waiting(() -> rewards).judged()).isEqualTo(4);
    }

    @Test
    void aRebuildReadsWhatWasJudgedAndStillStands() throws InterruptedException {
        IntStream.range(0, 4).forEach(this::prefer);
        try (var studies = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
            base.trained.clear();
            store.withdraw("les_pair_2");
            studies.turned(MemoryStore.ID);
            await(() -> Objects.requireNonNull(store.live(MemoryStore.ID)).number() == 2);
        }

        var draft = store.drafts().getLast();
        assertThat(draft.origin()).isEqualTo("rebuild");
        assertThat(draft.lessons()).containsExactlyInAnyOrder("les_pair_0", "les_pair_1", "les_pair_3");
        assertThat(sloped().stream().map(row -> Arrays.toString(row.tokens())).distinct())
                .hasSize(2 * draft.lessons().size());
    }

    @Test
    void whatFallsSilentOnJudgedRequestsIsNotPromoted() throws InterruptedException {
        base.answers((_, adapter) -> adapter == null ? "I do not know." : " ");
        IntStream.range(0, 4).forEach(this::prefer);

        try (var _ = studies()) {
            await(() -> store.states().contains(LessonState.PARKED));
        }

        assertThat(store.live(MemoryStore.ID)).isNull();
    }

    @Test
    void aStudyThatIsNoNumberAnyMoreLeavesTheLiveWeightsAsTheyWere() throws InterruptedException { // CASES C26
        IntStream.range(0, 4).forEach(this::prefer);
        try (var studies = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
            base.beforeStep = () -> {
                throw new FailedException("not_finite", "loss is no number", Fault.NONE);
            };
            IntStream.range(4, 8).forEach(this::prefer);
            studies.lessonGiven(MemoryStore.ID);
            await(() -> store.states().contains(LessonState.PARKED));
        }

        assertThat(Objects.requireNonNull(store.live(MemoryStore.ID)).number()).isEqualTo(1);
        assertThat(store.drafts()).hasSize(1);
    }

    private void prefer(int i) {
        var lesson = WeighingTest.lesson("les_pair_" + i, LessonKind.PREFERENCE, "ann", 1);
        judge(new Judged.Preferred(asked(lesson, i), asked(i), List.of(), "Good-" + i, "Bad-" + i));
    }

    private void like(int i) {
        judged("les_like_" + i, LessonKind.RATING, i);
    }

    private void judged(String id, LessonKind kind, int i) {
        var lesson = WeighingTest.lesson(id, kind, "ann", 1);
        var answer = new Spoken("chat-" + i, 0, asked(i), List.of(), "Said-" + i, new int[0], null, Guided.FREE, true);
        judge(new Judged.Liked(asked(lesson, i), answer, i % 2 == 0));
    }

    private void judge(Judged judged) {
        store.judge(judged);
        recall.add(judged.lesson());
    }

    private static List<ChatMessage> asked(int i) {
        return List.of(ChatMessage.of("user", "Which desk handles message " + i + " of today?"));
    }

    private static Lesson asked(Lesson l, int i) {
        return new Lesson(
                l.id(),
                l.instance(),
                l.kind(),
                l.interaction(),
                0,
                asked(i),
                "",
                null,
                l.by(),
                l.state(),
                null,
                null,
                null,
                false,
                1,
                NOW,
                Map.of());
    }

    /** Minus two, and what its slopes have moved it by so far, twentyfold. */
    private double moved(TrainingRow row) {
        double pushed = sloped().stream()
                .filter(read -> Arrays.equals(read.tokens(), row.tokens()))
                .mapToDouble(JudgedStudiesTest::slope)
                .sum();
        return Math.min(-0.001, -2 - 20 * pushed);
    }

    private List<TrainingRow> sloped() {
        return List.copyOf(base.trained).stream()
                .filter(row -> row.loss() instanceof Loss.Sloped)
                .toList();
    }

    private static double slope(TrainingRow row) {
        return row.loss() instanceof Loss.Sloped(var slopes) ? slopes[0] : 0;
    }

    private Studies studies() {
        return store.studies(base, recall, NOW.plusSeconds(60));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Awaiting.until(condition, Duration.ofSeconds(60));
    }
}
