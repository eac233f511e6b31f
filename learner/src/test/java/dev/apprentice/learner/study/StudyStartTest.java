package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.Waiting;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StudyStartTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void nothingGivenNothingDue() {
        assertThat(due()).isNull();
    }

    @Test
    void enoughLessonsAreDueAtOnce() {
        assertThat(due(0, 0, 0, 0)).isZero();
    }

    @Test
    void aLoneLessonIsDueAfterThreeQuietSeconds() {
        assertThat(due(1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(due(3)).isZero();
    }

    @Test
    void noLessonWaitsLongerThanTenSeconds() {
        assertThat(due(9, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(due(10, 0)).isZero();
    }

    @Test
    void nothingIsDueByItselfWhereStudiesHaveToBeAskedFor() {
        var asked = new StudyStart(false, Duration.ZERO, Duration.ZERO);
        assertThat(asked.due(waits(0, 0, 0, 0, 0), 4, NOW)).isNull();
    }

    private static @Nullable Duration due(int... secondsAgo) {
        return StudyStart.DEFAULT.due(waits(secondsAgo), 4, NOW);
    }

    private static Waits waits(int... secondsAgo) {
        var waits = Waits.NONE;
        for (int ago : secondsAgo) {
            waits = waits.with(new Waiting("les_" + ago, LessonKind.EXAMPLE, NOW.minusSeconds(ago)));
        }
        return waits;
    }
}
