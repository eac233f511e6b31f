package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.learner.lesson.Lesson;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixtureTest {
    private final MemoryStore store = new MemoryStore(Path.of("unused"), Instant.EPOCH);

    @Test
    void eachPassReadsEachNewLessonOnce() {
        var mixture = mixture(lessons(8), List.of(), Set.of());

        var read = readings(mixture, mixture.steps(3));

        assertThat(read).hasSize(24);
        assertThat(counts(read).values()).containsOnly(3L);
    }

    @Test
    void aThirdIsOldWhereThereAreOldOnes() {
        var old = lessons(10);
        var mixture = mixture(lessons(8), old, Set.of());

        var step = mixture.draw();

        assertThat(step).hasSize(6);
        assertThat(step.stream().filter(r -> old.contains(r.lesson()))).hasSize(2);
    }

    @Test
    void nothingOldIsReadWithoutReplay() {
        var fresh = lessons(2);
        var mixture = new Mixture(StudyPlan.DEFAULT.withoutReplay(), fresh, lessons(10), Set.of(), Seams.random(1));

        assertThat(readings(mixture, 4)).hasSize(16).allMatch(reading -> fresh.contains(reading.lesson()));
    }

    @Test
    void aLessonThatWasLostComesFourTimesAsOften() {
        var old = lessons(10);
        var mixture = mixture(lessons(8), old, Set.of(old.getFirst().id()));

        var counts = counts(readings(mixture, 13)); // 26 old readings: 13 cards, each twice

        assertThat(counts.get(old.getFirst().id())).isEqualTo(8);
        assertThat(counts.get(old.getLast().id())).isEqualTo(2);
    }

    @Test
    void oneInFiveIsLeftOutUntilItJoins() {
        var fresh = lessons(20);
        var mixture = mixture(fresh, List.of(), Set.of());
        var out = mixture.leftOut();

        assertThat(out).hasSize(4);
        assertThat(readings(mixture, 20)).noneMatch(r -> out.contains(r.lesson()));
        mixture.joinLeftOut();
        assertThat(counts(readings(mixture, 40)).keySet())
                .containsAll(out.stream().map(Lesson::id).toList());
        assertThat(mixture.leftOut()).isEmpty();
    }

    @Test
    void whatIsReadAgainIsHalfOfEachStepAndTheOthersTheOtherHalf() {
        var fresh = lessons(8);
        var old = lessons(9);
        var mixture = mixture(fresh, old, Set.of());
        var unsure = List.of(fresh.getFirst(), old.getFirst());

        int steps = mixture.again(unsure);

        assertThat(steps).isEqualTo(StudyPlan.DEFAULT.stepsMin());
        assertThat(mixture.draw().stream().map(Mixture.Reading::lesson))
                .hasSize(6)
                .satisfies(read -> assertThat(read.subList(0, 3)).allMatch(unsure::contains))
                .satisfies(read -> assertThat(read.subList(3, 5)).allMatch(fresh::contains))
                .satisfies(read -> assertThat(read.getLast()).matches(old::contains));
    }

    @Test
    void aLoneLessonIsReadTwiceAStep() {
        assertThat(mixture(lessons(1), List.of(), Set.of()).draw()).hasSize(2);
    }

    private static Mixture mixture(List<Lesson> fresh, List<Lesson> old, Set<String> regressors) {
        return new Mixture(StudyPlan.DEFAULT, fresh, old, regressors, Seams.random(1));
    }

    private static List<Mixture.Reading> readings(Mixture mixture, int steps) {
        var readings = new ArrayList<Mixture.Reading>();
        IntStream.range(0, steps).forEach(i -> readings.addAll(mixture.draw()));
        return readings;
    }

    private static java.util.Map<String, Long> counts(List<Mixture.Reading> readings) {
        return readings.stream().collect(Collectors.groupingBy(r -> r.lesson().id(), Collectors.counting()));
    }

    private List<Lesson> lessons(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> store.teach("Which desk handles message number " + i + "?", "Desk " + i, Instant.EPOCH))
                .toList();
    }
}
