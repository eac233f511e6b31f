package dev.apprentice.learner.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.Seams;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Credit on decision processes small enough to be worked out by hand. */
class CreditTest {
    private static final Offset<Double> EXACT = within(1e-12);

    @Test
    void gainsSumToTheRewardLessWhatWasExpected() {
        var gains = Credit.gains(new double[] {0.5, 0.9, 0.2}, 1);
        assertThat(gains).containsExactly(new double[] {0.4, -0.7, 0.8}, EXACT);
    }

    @Test
    void advantagesAreGainsAndWhatFollowed() {
        var advantages = Credit.advantages(new double[] {0.5, 0.9, 0.2}, 1, 0.5);
        assertThat(advantages)
                .containsExactly(new double[] {0.4 + 0.5 * (-0.7 + 0.5 * 0.8), -0.7 + 0.5 * 0.8, 0.8}, EXACT);
    }

    @Test
    void targetsGoFromTheNextValueToTheReward() {
        var values = new double[] {0.5, 0.9, 0.2};
        assertThat(Credit.targets(values, 1, 1)).containsExactly(1, 1, 1);
        assertThat(Credit.targets(values, 1, 0)).containsExactly(0.9, 0.2, 1);
        assertThat(Credit.targets(values, 1, 0.5)).containsExactly(new double[] {0.75, 0.6, 1}, EXACT);
    }

    /**
     * Five steps, and the task succeeds if step 3 (of 1 to 5) was done well, which happens half of the time; with the
     * true values the whole credit goes to it, and each other step gets none.
     */
    @Test
    void withTrueValuesTheOneStepThatDecidesGetsAllCredit() {
        var random = Seams.random(1);
        for (int episode = 0; episode < 100; episode++) {
            boolean well = random.nextBoolean();
            double end = well ? 1 : 0;
            var after = new double[] {0.5, 0.5, end, end, end}; // V after each step's answer
            var steps = Credit.gains(Credit.before(after, 0.5), end);
            assertThat(steps).containsExactly(0, 0, end - 0.5, 0, 0);
        }
    }

    /** TD(λ) on a chain of three states that ends well with probability .8, whose values start at one half. */
    @Test
    void targetsBringValuesToWhatIsTrue() {
        var random = Seams.random(9);
        var values = new double[] {0.5, 0.5, 0.5};
        for (int episode = 0; episode < 4000; episode++) {
            double reward = random.nextDouble() < 0.8 ? 1 : 0;
            var targets = Credit.targets(values, reward, 0.95);
            for (int k = 0; k < values.length; k++) {
                values[k] += 0.01 * (targets[k] - values[k]);
            }
        }
        assertThat(values).containsExactly(new double[] {0.8, 0.8, 0.8}, within(0.06));
    }
}
