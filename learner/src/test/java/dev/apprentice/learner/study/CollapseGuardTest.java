package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.FailedException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CollapseGuardTest {
    @Test
    void endsAStudyWhoseGradientSurges() {
        var guard = new CollapseGuard();
        IntStream.range(0, 20).forEach(i -> guard.norm(2));

        assertThatThrownBy(() -> guard.norm(40))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("gradient");
    }

    @Test
    void letsARareLessonSurpriseALearntStudy() {
        var guard = new CollapseGuard();
        IntStream.range(0, 20).forEach(i -> guard.norm(0.01));

        assertThatCode(() -> guard.norm(3)).doesNotThrowAnyException();
    }

    @Test
    void endsAStudyThatSaysSomethingElseAltogether() {
        var guard = new CollapseGuard();
        IntStream.range(0, 20).forEach(i -> guard.nats(List.of(i % 2 == 0 ? 9.0 : 0.1)));

        assertThatThrownBy(() -> guard.nats(List.of(3.5, 4.0))).hasMessageContaining("nats");
    }
}
