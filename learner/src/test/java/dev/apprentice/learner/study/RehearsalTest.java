package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.base.FakeBase;
import dev.apprentice.learner.lesson.Lesson;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private static final double LITTLE = Math.log(0.6); // nats a token: an answer of two tokens has .36

    private final FakeBase base = new FakeBase();
    private final MemoryStore store = new MemoryStore(Path.of("unused"), Instant.EPOCH);
    private final Set<String> unknown = new HashSet<>();

    @Test
    void whoseWholeAnswerIsLessLikelyThanOthersIsUnsure() throws InterruptedException {
        var lessons = lessons(0, 20);
        knowsAllBut("Desk-3");

        assertThat(rehearsal().unsure(lessons)).containsExactly(lessons.get(3));
    }

    @Test
    void anOldLessonCountsOnlyIfItWasKnownBefore() throws InterruptedException {
        var old = lessons(0, 6);
        var fresh = lessons(6, 8);
        var rehearsal = rehearsal();
        knowsAllBut("Desk-1");
        rehearsal.before(old, Set.of(), Seams.random(1));

        knowsAllBut("Desk-1", "Desk-2", "Desk-7");

        assertThat(rehearsal.unsure(fresh)).containsExactlyInAnyOrder(fresh.getLast(), old.get(2));
    }

    @Test
    void fewOtherWordingsMayBeUnsureAndManyMayNot() throws InterruptedException {
        var lessons = lessons(0, 20);
        base.measured = row -> asked(row).equals(plain(row)) || !said(row).equals("Desk-3") ? -0.001 : LITTLE;
        assertThat(rehearsal().unsure(lessons)).isEmpty();

        base.measured = row -> asked(row).equals(plain(row)) || said(row).compareTo("Desk-14") > 0 ? -0.001 : LITTLE;
        assertThat(rehearsal().unsure(lessons))
                .hasSizeGreaterThan(3)
                .allMatch(lesson -> lesson.answer().compareTo("Desk-14") <= 0);
    }

    @Test
    void aStudyReadsWhatItIsNotSureOfUntilItIs() throws InterruptedException {
        var lessons = lessons(0, 8);
        base.measured =
                row -> readings().getOrDefault(said(row), 0L) >= (said(row).equals("Desk-5") ? 22 : 1) ? -0.001 : -1;

        var outcome = study().run(task(lessons));

        var counts = readings();
        assertThat(counts.get("Desk-5")).isBetween(22L, 40L);
        counts.remove("Desk-5");
        assertThat(counts.values()).allMatch(count -> count < 18);
        assertThat(outcome).isNotNull().satisfies(o -> assertThat(o.steps()).isEqualTo(16 + 8));
    }

    @Test
    void whatCannotBeLearntIsGivenUpAfterTwoMoreRounds() throws InterruptedException {
        var lessons = lessons(0, 8);
        base.measured = _ -> -1;

        var outcome = study().run(task(lessons));

        int more = StudyPlan.DEFAULT.passesLast() * lessons.size() / 3;
        assertThat(outcome).isNotNull().satisfies(o -> assertThat(o.steps()).isEqualTo(16 + 2 * more));
    }

    @Test
    void whoIsStoppedWhileAskedSaysNothing() throws InterruptedException {
        var student = base.student(StudyPlan.DEFAULT.adapter(base.layers()), null, 1);
        var stopped = new Rehearsal(base, store.instance(MemoryStore.ID), student, () -> true);

        assertThat(stopped.unsure(lessons(0, 2))).isNull();
    }

    private Study study() {
        var interruptions = new Study.Interruptions() {
            @Override
            public List<Lesson> arrived() {
                return List.of();
            }

            @Override
            public boolean stopped() {
                return false;
            }

            @Override
            public void refer(Map<String, dev.apprentice.learner.lesson.Reference> references) {}
        };
        return new Study(
                base, store.instance(MemoryStore.ID), StudyPlan.DEFAULT, OpinionPlan.DEFAULT, interruptions, _ -> {});
    }

    private static Study.Task task(List<Lesson> lessons) {
        return new Study.Task(lessons, List.of(), List.of(), Set.of(), Map.of(), Set.of(), null, List.of(), 1);
    }

    private Map<String, Long> readings() {
        return base.trained.stream().collect(Collectors.groupingBy(this::said, Collectors.counting()));
    }

    private Rehearsal rehearsal() {
        return new Rehearsal(
                base,
                store.instance(MemoryStore.ID),
                base.student(StudyPlan.DEFAULT.adapter(base.layers()), null, 1),
                () -> false);
    }

    private void knowsAllBut(String... answers) {
        unknown.clear();
        unknown.addAll(List.of(answers));
        base.measured = row -> unknown.contains(said(row)) ? LITTLE : -0.001;
    }

    private String said(TrainingRow row) {
        return base.text(Arrays.copyOfRange(row.tokens(), row.answerStart(), row.tokens().length - 1));
    }

    private String asked(TrainingRow row) {
        return base.text(Arrays.copyOf(row.tokens(), row.answerStart()));
    }

    private @Nullable String plain(TrainingRow row) {
        var lesson = store.lessons(MemoryStore.ID).stream()
                .filter(one -> one.answer().equals(said(row)))
                .findFirst()
                .orElseThrow();
        var span = Rehearsal.span(base, store.instance(MemoryStore.ID), lesson, lesson.messages());
        return base.text(span.prompt());
    }

    private List<Lesson> lessons(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> store.teach(
                        "Which desk handles the message about subject number " + i + " today?",
                        "Desk-" + i,
                        Instant.EPOCH))
                .toList();
    }
}
