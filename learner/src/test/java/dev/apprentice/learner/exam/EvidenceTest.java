package dev.apprentice.learner.exam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EvidenceTest {
    @Test
    void agreesWithTheValuesOfLearningSection6() {
        assertThat(Evidence.of(0, 0)).isCloseTo(1, within(1e-9));
        assertThat(Evidence.of(7, 0)).isCloseTo(31.9, within(0.05)); // "7-0 suffices (E 31.9)"
    }

    @Test
    void aDrawIsNoEvidenceAndLossesSpeakAgainst() {
        assertThat(Evidence.of(5, 5)).isLessThan(1);
        assertThat(Evidence.of(0, 3)).isLessThan(1);
        // (2p)^w (2(1-p))^l integrates to a beta function: 2 * 2^2 * B(2, 2) / 2 = 2/3 for one win and one loss
        assertThat(Evidence.of(1, 1)).isCloseTo(2.0 / 3, within(1e-6));
    }
}
