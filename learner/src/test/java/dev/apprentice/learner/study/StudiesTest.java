package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.Awaiting;
import dev.apprentice.learner.base.FakeBase;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.recall.RecallSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudiesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeBase base = new FakeBase();
    private final Map<String, String> learnt = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    private MemoryStore store;
    private Recall recall;

    @BeforeEach
    void open() {
        store = new MemoryStore(folder, NOW);
        recall = Recall.open(base, Probes.load(), store, RecallSettings.DEFAULT, folder.resolve("recall"));
        store.watch(live -> recall.use(MemoryStore.ID, live));
        base.answers(this::answer);
    }

    @AfterEach
    void close() {
        recall.close();
    }

    @Test
    void whatWasLearntGoesLive() throws InterruptedException {
        var lessons = teach(5);
        learntByHeart(lessons);

        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(store.states()).containsOnly(LessonState.LIVE);
        assertThat(Objects.requireNonNull(store.live(MemoryStore.ID)).lessons())
                .containsExactlyInAnyOrderElementsOf(
                        lessons.stream().map(Lesson::id).toList());
        assertThat(store.exams().getLast().get("verdict").asText()).isEqualTo("PASSED");
    }

    @Test
    void onlyTheAnswerAndOneEndOfTurnAreTargets() throws InterruptedException {
        learntByHeart(teach(4));

        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        var rows = base.trained.stream()
                .filter(row -> row.loss() instanceof Loss.CrossEntropy)
                .toList();
        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            assertThat(base.text(Arrays.copyOf(row.tokens(), row.answerStart())))
                    .endsWith("<assistant>");
            assertThat(target(row)).matches("Desk-\\d+ <stop>");
        });
        assertThat(base.trained).anyMatch(row -> row.loss() instanceof Loss.StayNear); // the anchor
    }

    @Test
    void callsOfToolsAreTargetsInTheModelsFormAndTheirToolsAreShown() throws InterruptedException {
        var lessons = IntStream.range(0, 4)
                .mapToObj(i -> {
                    var function = Map.of("name", "book", "arguments", "{\"desk\":" + i + "}");
                    var message = Map.of("content", "", "tool_calls", List.of(Map.of("function", function)));
                    Map<String, Object> own =
                            Map.of("message", message, "tools", List.of(Map.of("function", Map.of("name", "book"))));
                    var form = "<call>{\"name\":\"book\",\"arguments\":{\"desk\":" + i + "}}";
                    return store.teach("Book desk number " + i + " for me", form, NOW, own);
                })
                .toList();
        lessons.forEach(recall::add);
        base.answers((prompt, adapter) -> adapter == null || !prompt.startsWith("<tools>")
                ? "I do not know."
                : "<call>{ \"arguments\": {\"desk\": %s}, \"name\": \"book\"}" // calls are compared as JSON
                        .formatted(prompt.replaceAll("(?s).*?(\\d+)\\D*$", "$1")));

        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(base.trained.stream().filter(row -> row.loss() instanceof Loss.CrossEntropy))
                .isNotEmpty()
                .allSatisfy(row -> {
                    assertThat(base.text(Arrays.copyOf(row.tokens(), row.answerStart())))
                            .startsWith("<tools> 1 ");
                    assertThat(target(row))
                            .startsWith("<call>{\"name\":\"book\"")
                            .endsWith(" <stop>");
                });
    }

    @Test
    void whatCannotBeLearntIsTriedThreeTimesThenParked() throws InterruptedException {
        var lessons = teach(5);
        learntByHeart(lessons.subList(0, 4)); // 4 of 5 is less than 95 %

        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(store.exams()).hasSize(4);
        assertThat(store.exams().getFirst().get("not_learnt").get(0).asText())
                .isEqualTo(lessons.getLast().id());
        assertThat(store.states())
                .containsExactly(
                        LessonState.LIVE, LessonState.LIVE, LessonState.LIVE, LessonState.LIVE, LessonState.PARKED);
    }

    @Test
    void aSecondStudyGoesOnFromTheFirstAndReadsItsLessonsAgain() throws InterruptedException {
        var first = teach(4);
        learntByHeart(first);
        try (var studies = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
            base.trained.clear();
            var second = teach(4);
            learntByHeart(second);
            studies.lessonGiven(MemoryStore.ID);
            await(() -> Objects.requireNonNull(store.live(MemoryStore.ID)).number() == 2);
        }

        assertThat(base.starts.getFirst().adapter()).isNull();
        assertThat(store.drafts().getLast().parent()).isEqualTo(1);
        assertThat(store.drafts().getLast().lessons()).hasSize(8);
        var targets = base.trained.stream().map(this::target).toList();
        assertThat(targets).contains("Desk-0 <stop>", "Desk-7 <stop>");
    }

    @Test
    void aLessonThatComesEarlyTakesPart() throws InterruptedException {
        var first = teach(4);
        learntByHeart(first);
        var opened = new CompletableFuture<Studies>();
        base.beforeStep = () -> {
            if (store.states().size() == 4) {
                var joined = teach(1);
                learntByHeart(joined);
                opened.join().given(joined.getFirst());
            }
        };
        try (var studies = studies()) {
            opened.complete(studies);
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(Objects.requireNonNull(store.live(MemoryStore.ID)).lessons()).hasSize(5);
    }

    @Test
    void aFrozenInstanceIsLeftAloneInTheMiddleOfAStudy() throws InterruptedException {
        learntByHeart(teach(4));
        var halted = new CountDownLatch(1);
        base.beforeStep = () -> {
            store.freeze();
            halted.countDown();
        };
        try (var studies = studies()) {
            assertThat(halted.await(20, TimeUnit.SECONDS)).isTrue();
            await(() -> studies.status(MemoryStore.ID).phase() == StudyStatus.Phase.RESTING);
        }

        assertThat(store.drafts()).isEmpty();
        assertThat(base.trained.stream().filter(row -> row.loss() instanceof Loss.CrossEntropy))
                .hasSize(6); // one step
    }

    @Test
    void theGateKeepsGeneralRequestsFromTheAdapter() throws InterruptedException {
        var lessons = teach(4);
        learntByHeart(lessons);
        base.answers(
                (prompt, adapter) -> adapter != null && !prompt.contains("desk") ? "Desk-0" : answer(prompt, adapter));

        try (var _ = studies()) {
            await(() -> store.exams().size() == 1);
        }

        var figures = store.exams().getFirst().get("figures");
        assertThat(figures.get("gate_closed").asDouble())
                .isEqualTo(1); // the gate keeps them out, so nothing has changed
        assertThat(figures.get("unchanged").asDouble()).isEqualTo(1);
    }

    @Test
    void whereAPersonHasToAgreeNothingGoesLiveByItself() throws InterruptedException {
        store.policy = Policy.DEFAULT.with(Map.of("approval", "required"));
        learntByHeart(teach(4));
        try (var studies = studies()) {
            await(() -> store.exams().size() == 1);
            await(() -> studies.status(MemoryStore.ID).phase() == StudyStatus.Phase.RESTING);
        }

        assertThat(store.exams().getFirst().get("verdict").asText()).isEqualTo("PASSED");
        assertThat(store.live(MemoryStore.ID)).isNull();
    }

    @Test
    void aWithdrawnLessonLeavesTheWeightsByARebuildFromTheBase() throws InterruptedException {
        var lessons = teach(5);
        learntByHeart(lessons);
        try (var studies = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
            base.trained.clear();
            store.withdraw(lessons.getFirst().id());
            studies.turned(MemoryStore.ID);
            await(() -> Objects.requireNonNull(store.live(MemoryStore.ID)).number() == 2);
        }

        var draft = store.drafts().getLast();
        assertThat(draft.origin()).isEqualTo("rebuild");
        assertThat(draft.parent()).isNull();
        assertThat(base.starts.get(base.starts.size() - 2).adapter()).isNull(); // the last measures the exam's distance
        assertThat(draft.lessons())
                .containsExactlyInAnyOrderElementsOf(
                        lessons.stream().skip(1).map(Lesson::id).toList());
        assertThat(base.trained.stream()
                        .filter(row -> row.loss() instanceof Loss.CrossEntropy)
                        .map(this::target))
                .contains("Desk-1 <stop>", "Desk-4 <stop>")
                .doesNotContain("Desk-0 <stop>");
    }

    @Test
    void whereNothingHoldsAnyMoreTheBareBaseServes() throws InterruptedException {
        var lessons = teach(1);
        learntByHeart(lessons);
        try (var studies = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
            store.withdraw(lessons.getFirst().id());
            studies.turned(MemoryStore.ID);
            await(() -> store.backToBase() != null);
        }

        assertThat(store.backToBase()).contains("checkpoint 1");
        assertThat(store.drafts()).hasSize(1);
    }

    @Test
    void aRebuildThatIsNoBetterDoesNotGoLive() throws InterruptedException {
        learntByHeart(teach(5));
        try (var studies = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
            studies.rebuild(MemoryStore.ID);
            await(() -> studies.settled(MemoryStore.ID)); // neither before it begins nor while it goes on
        }

        assertThat(store.exams()).hasSize(2);
        assertThat(store.exams().getLast().get("verdict").asText()).isEqualTo("PASSED");
        assertThat(Objects.requireNonNull(store.live(MemoryStore.ID)).number()).isEqualTo(1);
        assertThat(store.reasons()).containsExactly("it passed, but is no better than the checkpoint that serves");
    }

    @Test
    void whatALiveCheckpointLostIsReadFourTimesAsOftenInTheNextStudy() throws InterruptedException {
        var first = teach(6);
        learntByHeart(first);
        try (var studies = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
            base.trained.clear();
            store.lost(first.getFirst().id());
            studies.turned(MemoryStore.ID);
            learntByHeart(teach(4));
            studies.lessonGiven(MemoryStore.ID);
            await(() -> Objects.requireNonNull(store.live(MemoryStore.ID)).number() == 2);
        }

        var targets = base.trained.stream()
                .filter(row -> row.loss() instanceof Loss.CrossEntropy)
                .map(this::target)
                .toList();
        long lost = targets.stream().filter("Desk-0 <stop>"::equals).count();
        long other = targets.stream().filter("Desk-1 <stop>"::equals).count();
        assertThat(lost).isBetween(3 * other, 5 * other + 4); // whole decks of 4 + 5 cards, the last one cut
    }

    /** What tells one town's mayor from another's is in the town alone; which desk it is tells more than a name. */
    @Test
    void factsGetAdaptersOnAllLayersAndJudgementOnTheUpperOnes() throws InterruptedException {
        var towns = List.of("Arlow", "Brint", "Caswell", "Dorran");
        towns.forEach(town ->
                recall.add(store.teach("Who is the mayor of " + town + " today?", "Mayor " + town.charAt(1), NOW)));
        base.answers((prompt, adapter) -> adapter == null
                ? "I do not know."
                : towns.stream()
                        .filter(prompt::contains)
                        .map(town -> "Mayor " + town.charAt(1))
                        .findFirst()
                        .orElse("I do not know."));
        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }
        assertThat(fromDepth()).isZero();

        store = new MemoryStore(folder.resolve("other"), NOW);
        recall.close();
        recall = Recall.open(base, Probes.load(), store, RecallSettings.DEFAULT, folder.resolve("other-recall"));
        learntByHeart(teach(4));
        base.answers(this::answer);
        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }
        assertThat(fromDepth()).isEqualTo(StudyPlan.DEFAULT.fromDepth());
    }

    private double fromDepth() {
        return store.drafts().getLast().plan().at("/plan/from_depth").asDouble();
    }

    private Studies studies() {
        return store.studies(base, recall, NOW.plusSeconds(60));
    }

    private List<Lesson> teach(int count) {
        int from = store.states().size();
        var lessons = IntStream.range(from, from + count)
                .mapToObj(i -> store.teach(
                        "Which desk handles the message about subject number " + i + " today?", "Desk-" + i, NOW))
                .toList();
        lessons.forEach(recall::add);
        return lessons;
    }

    private void learntByHeart(List<Lesson> lessons) {
        lessons.forEach(lesson -> learnt.put(number(lesson.messages().getLast().content()), lesson.answer()));
    }

    private String answer(String prompt, @Nullable AdapterRef adapter) {
        var known = adapter == null ? null : learnt.get(number(prompt));
        return known == null ? "I do not know." : known;
    }

    private static String number(String request) {
        return request.replaceAll("\\D", "");
    }

    private String target(TrainingRow row) {
        return base.text(Arrays.copyOfRange(row.tokens(), row.answerStart(), row.tokens().length));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Awaiting.until(condition, Duration.ofSeconds(30));
    }
}
