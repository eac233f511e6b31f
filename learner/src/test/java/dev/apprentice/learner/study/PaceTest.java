package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final StudyPlan PLAN = StudyPlan.DEFAULT;

    @Test
    void whatIsLearntEarlyEndsAfterTwelvePasses() {
        var pace = pace(24);

        while (!pace.done()) {
            pace.stepped(0.01);
        }

        assertThat(pace.step()).isEqualTo(12 * 24 / 6);
    }

    @Test
    void whatIsLearntLateEndsAfterTwentyFour() {
        var pace = pace(24);

        while (!pace.done()) {
            pace.stepped(2);
        }

        assertThat(pace.step()).isEqualTo(24 * 24 / 6);
    }

    @Test
    void theRateIsConstantThenFallsToATenth() {
        var pace = pace(24);
        long size = (long) PLAN.rateParameters();
        assertThat(PLAN.rate(new Pace.Stage(0, 1), size)).isEqualTo(PLAN.rate() / 5); // warm-up
        IntStream.range(0, 24).forEach(i -> pace.stepped(0.01));

        assertThat(pace.falling()).isTrue();
        assertThat(PLAN.rate(pace.stage(), size)).isEqualTo(PLAN.rate());
        IntStream.range(0, 23).forEach(i -> pace.stepped(0.01));
        assertThat(PLAN.rate(pace.stage(), size)).isBetween(0.1 * PLAN.rate(), 0.15 * PLAN.rate());
        assertThat(PLAN.rate(new Pace.Stage(9, 1), 10 * size)).isEqualTo(PLAN.rate() / 2); // ten times the size
    }

    @Test
    void aLoneLessonTakesAtLeastTwelveSteps() {
        var pace = pace(1);

        while (!pace.done()) {
            pace.stepped(0.01);
        }

        assertThat(pace.step()).isEqualTo(PLAN.stepsMin() + PLAN.stepsLast());
    }

    @Test
    void itCanGoOnAndItsRateFallsOnceMoreFromHalf() {
        var pace = pace(24);
        while (!pace.done()) {
            pace.stepped(0.01);
        }
        int before = pace.step();

        pace.again(10);

        assertThat(pace.done()).isFalse();
        assertThat(pace.early()).isFalse();
        assertThat(pace.most()).isEqualTo(before + 10);
        assertThat(pace.stage().left()).isEqualTo(0.5);
        IntStream.range(0, 9).forEach(i -> pace.stepped(2));
        assertThat(pace.stage().left()).isEqualTo(0.05);
        pace.stepped(2);
        assertThat(pace.done()).isTrue();
    }

    private static Pace pace(int lessons) {
        var store = new MemoryStore(Path.of("unused"), Instant.EPOCH);
        var fresh = IntStream.range(0, lessons)
                .mapToObj(i -> store.teach("Question " + i + " of the day?", "Answer", Instant.EPOCH))
                .toList();
        return new Pace(PLAN, new Mixture(PLAN, fresh, List.of(), Set.of(), Seams.random(1))::steps);
    }
}
