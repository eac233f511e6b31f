package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WaitingTest {
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

    private static @Nullable Duration due(int... secondsAgo) {
        var given =
                java.util.Arrays.stream(secondsAgo).mapToObj(NOW::minusSeconds).toList();
        return Waiting.due(List.copyOf(given), 4, NOW, StudyPlan.DEFAULT);
    }
}
