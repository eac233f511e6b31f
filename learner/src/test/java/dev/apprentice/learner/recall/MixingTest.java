package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MixingTest {
    @Test
    void withoutEvidenceBothHaveHalf() {
        assertThat(Mixing.lambda(new double[0], new double[0], 0.95)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void whereTheModelKnowsNothingTheLessonsSpeak() {
        var model = new double[40];
        var votes = new double[40];
        Arrays.fill(model, 1e-6);
        Arrays.fill(votes, 0.8);

        assertThat(Mixing.lambda(model, votes, 0.95)).isEqualTo(0.95); // (1 + 40) / (2 + 40) is above the most allowed
    }

    @Test
    void whereTheVotesAreWorthNothingTheModelSpeaks() {
        var model = new double[40];
        var votes = new double[40];
        Arrays.fill(model, 0.9);

        assertThat(Mixing.lambda(model, votes, 0.95)).isCloseTo(1.0 / 42, within(1e-3));
    }
}
