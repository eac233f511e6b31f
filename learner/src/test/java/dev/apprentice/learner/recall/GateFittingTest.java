package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GateFittingTest {
    @Test
    void tellsAJobFromGeneralPrompts() {
        var gate = GateFitting.fit(features(40, 0.8, 1), features(60, 0.1, 2), 0.98);

        assertThat(gate.openShare()).isEqualTo(1);
        assertThat(gate.closedShare()).isEqualTo(1);
        assertThat(GateFitting.share(features(200, 0.8, 3), gate, true)).isGreaterThan(0.98);
        assertThat(GateFitting.share(features(200, 0.1, 4), gate, false)).isGreaterThan(0.98);
    }

    @Test
    void lettingOnesOwnInComesBeforeKeepingOthersOut() {
        var gate = GateFitting.fit(features(100, 0.5, 5), features(100, 0.45, 6), 0.98);

        assertThat(gate.openShare()).isGreaterThanOrEqualTo(0.98);
        assertThat(gate.closedShare()).isLessThan(0.95);
    }

    @Test
    void withFewLessonsOnlyWhatIsFarNearerThanGeneralPromptsIsFamiliar() {
        var gate = GateFitting.early(features(64, 0.1, 7));

        assertThat(gate.opens(new Features(0.9, 0.9, 0.5, 0.5, 0.5, false))).isTrue();
        assertThat(gate.opens(new Features(0.3, 0.3, 0, 0, 0, false))).isFalse();
    }

    @Test
    void withFewLessonsWhatSaysNearlyAllWordsOfOneIsFamiliarToo() {
        var general = List.of(new Features(0.1, 0, 0, 0.2, 0, false), new Features(0.2, 0, 0, 0.5, 0, false));
        var gate = GateFitting.early(general);

        assertThat(gate.opens(new Features(0.3, 0, 0, 0.8, 0, false))).isTrue();
        assertThat(gate.opens(new Features(0.3, 0, 0, 0.6, 0, false))).isFalse();
        assertThat(gate.closedShare()).isEqualTo(1);
    }

    @Test
    void aStrangerIsKeptOutWhereLessonsAreAboutTheirSubjects() {
        var gate = GateFitting.early(features(64, 0.1, 7));
        var stranger = new Features(0.9, 0.9, 0.5, 1, 0.5, true);

        assertThat(gate.with(true).opens(stranger)).isFalse();
        assertThat(gate.opens(stranger)).isTrue();
    }

    @Test
    void theThresholdLiesInTheMiddleBetweenOnesOwnAndAllOthers() {
        double[] own = {3, 4, 5};

        assertThat(GateFitting.threshold(own, new double[] {-8, -5, 1}, 0.98)).isEqualTo(2);
        assertThat(GateFitting.threshold(own, new double[] {-8, -5, 4}, 0.98)).isEqualTo(3); // a tie lets one's own in
    }

    /** Around {@code nearest}, each feature with its own noise. */
    private static List<Features> features(int count, double nearest, int seed) {
        var random = Seams.random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> new Features(
                        nearest + random.nextDouble(-0.1, 0.1),
                        nearest + random.nextDouble(-0.1, 0.1),
                        nearest - 0.4 + random.nextDouble(-0.1, 0.1),
                        random.nextDouble(),
                        random.nextDouble(),
                        false))
                .toList();
    }
}
