package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.learner.Awaiting;
import dev.apprentice.learner.base.FakeBase;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.recall.RecallSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two plans compete where the setting wants it and nothing else waits, and the exam chooses. */
class RivalsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeBase base = new FakeBase();

    @TempDir
    Path folder;

    private MemoryStore store;
    private Recall recall;

    /** Whether a candidate, by its name, answers a prompt right. */
    private volatile BiPredicate<String, String> knows = (_, _) -> true;

    @BeforeEach
    void open() {
        store = new MemoryStore(folder, NOW);
        recall = Recall.open(base, Probes.load(), store, RecallSettings.DEFAULT, folder.resolve("recall"));
        store.watch(live -> recall.use(MemoryStore.ID, live));
        store.rivals = RivalPlan.of(2);
        base.answers(this::answer);
    }

    @AfterEach
    void close() {
        recall.close();
    }

    @Test
    void theBetterOfTwoGoesLiveAndTheOtherIsKeptWithTheReason() throws InterruptedException {
        knows = (name, prompt) -> name.equals("cand_1") || prompt.contains("Which desk handles message");
        teach(0, 4);
        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(serving()).isEqualTo("cand_1");
        assertThat(store.states()).containsOnly(LessonState.LIVE);
        assertThat(store.drafts()).hasSize(2);
        assertThat(store.drafts()).extracting(draft -> draft.plan().get("plan")).doesNotHaveDuplicates();
        var winner = store.drafts().getLast().plan().get("variation").asText();
        assertThat(store.reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason).startsWith("it passed and lost to cand_1 (" + winner + "): "));
        var exams = store.exams();
        assertThat(exams).extracting(exam -> exam.get("verdict").asText()).containsOnly("PASSED");
        assertThat(exams)
                .extracting(exam -> exam.get("look").asInt())
                .as("each is a look at the same lessons")
                .containsExactly(0, 1);
        assertThat(exams.getFirst().get("rivals").toString())
                .isEqualTo("{\"plan\":\"as_planned\",\"won\":false,\"against\":[\"cand_1\"]}");
        assertThat(exams.getLast().get("rivals").toString())
                .isEqualTo("{\"plan\":\"" + winner + "\",\"won\":true,\"against\":[\"cand_0\"]}");
        assertThat(PlanRecord.of(exams))
                .containsExactlyInAnyOrder(new PlanRecord("as_planned", 0, 1), new PlanRecord(winner, 1, 0));
    }

    @Test
    void ofEqualsThePlanAsItStandsServes() throws InterruptedException {
        teach(0, 4);
        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(serving()).isEqualTo("cand_0");
        assertThat(store.drafts()).hasSize(2);
    }

    @Test
    void whereNonePassesThereIsOneLookLeft() throws InterruptedException {
        knows = (_, _) -> false;
        teach(0, 4);
        try (var _ = studies()) {
            await(() -> store.states().contains(LessonState.PARKED));
        }

        assertThat(store.drafts()).hasSize(1 + StudyPlan.DEFAULT.retries());
        assertThat(store.drafts().getLast().plan().get("variation").asText()).isEqualTo("as_planned");
        assertThat(store.live(MemoryStore.ID)).isNull();
    }

    @Test
    void aRivalThatFallsApartCostsTheOtherNothing() throws InterruptedException {
        base.beforeStep = () -> {
            if (store.drafts().size() == 1) {
                throw new FailedException("not_finite", "loss is no number", Fault.NONE);
            }
        };
        teach(0, 4);
        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(serving()).isEqualTo("cand_0");
        assertThat(store.exams())
                .singleElement()
                .satisfies(exam -> assertThat(exam.has("rivals")).isFalse());
    }

    @Test
    void whileALessonWaitsThereIsNoRival() throws InterruptedException {
        var opened = new CompletableFuture<Studies>();
        var late = new AtomicInteger();
        base.beforeStep = () -> {
            if (late.incrementAndGet() == 11) { // of 12: it is too late to join
                opened.join().given(teach(4, 1).getFirst());
            }
        };
        teach(0, 4);
        try (var studies = studies()) {
            opened.complete(studies);
            await(() -> store.live(MemoryStore.ID) != null
                    && Objects.requireNonNull(store.live(MemoryStore.ID)).number() == 2);
        }

        assertThat(store.drafts().getFirst().lessons()).hasSize(4);
        assertThat(store.drafts().get(1).lessons())
                .as("the next study comes first")
                .hasSize(5);
    }

    @Test
    void aRivalIsGivenUpWhenALessonComes() throws InterruptedException {
        var opened = new CompletableFuture<Studies>();
        base.beforeStep = () -> {
            if (store.drafts().size() == 1 && store.states().size() == 4) {
                opened.join().given(teach(4, 1).getFirst());
            }
        };
        teach(0, 4);
        try (var studies = studies()) {
            opened.complete(studies);
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(store.exams().getFirst().has("rivals")).isFalse();
        assertThat(store.drafts().getFirst().lessons()).hasSize(4);
    }

    @Test
    void aPlanOfAnotherShapeStartsFromTheBaseOnAllLessons() throws InterruptedException {
        for (var plan : Variation.values()) { // what has won so far is drawn next
            for (int i = 0; i < 200; i++) {
                var exam = JsonNodeFactory.instance.objectNode();
                exam.putObject("rivals").put("plan", plan.word()).put("won", plan == Variation.ALL_LAYERS);
                store.remember(exam);
            }
        }
        store.rivals = RivalPlan.DEFAULT;
        teach(0, 4);
        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }
        store.rivals = RivalPlan.of(2);
        teach(4, 4);
        try (var _ = studies()) {
            await(() -> store.drafts().size() == 3
                    && Objects.requireNonNull(store.live(MemoryStore.ID)).number() == 2);
        }

        var rival = store.drafts().getLast();
        assertThat(rival.plan().get("variation").asText()).isEqualTo("all_layers");
        assertThat(rival.plan().get("plan").get("from_depth").asDouble()).isZero();
        assertThat(rival.origin()).isEqualTo("rebuild");
        assertThat(rival.parent()).isNull();
        assertThat(rival.lessons()).hasSize(8);
        assertThat(store.drafts().get(1).parent()).isEqualTo(1);
    }

    @Test
    void manyLessonsAreNotReadTwice() throws InterruptedException {
        store.rivals = new RivalPlan(2, 3);
        teach(0, 4);
        try (var _ = studies()) {
            await(() -> store.live(MemoryStore.ID) != null);
        }

        assertThat(store.drafts()).hasSize(1);
    }

    private String serving() {
        return Objects.requireNonNull(store.live(MemoryStore.ID))
                .adapter()
                .folder()
                .getFileName()
                .toString();
    }

    private List<Lesson> teach(int from, int count) {
        var lessons = IntStream.range(from, from + count)
                .mapToObj(i -> store.teach("Which desk handles message " + i + " of today?", "Desk-" + i, NOW))
                .toList();
        lessons.forEach(recall::add);
        return lessons;
    }

    private String answer(String prompt, @Nullable AdapterRef adapter) {
        var digits = prompt.replaceAll("\\D", "");
        boolean right = adapter != null
                && digits.length() == 1
                && knows.test(adapter.folder().getFileName().toString(), prompt);
        return right ? "Desk-" + digits : "I do not know.";
    }

    private Studies studies() {
        return store.studies(base, recall, NOW.plusSeconds(60));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Awaiting.until(condition, Duration.ofSeconds(60));
    }
}
