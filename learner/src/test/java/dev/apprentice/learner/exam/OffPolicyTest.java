package dev.apprentice.learner.exam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.Seams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class OffPolicyTest {
    private static final int ANSWERS = 100;

    @Test
    void theSamePolicyIsWorthWhatWasSeen() {
        var found = OffPolicy.Found.of(Collections.nCopies(4, 1.0), List.of(1.0, 0.0, 1.0, 1.0));

        assertThat(found.effective()).isEqualTo(4);
        assertThat(found.candidate()).isEqualTo(found.live()).isCloseTo(0.75, within(1e-12));
        assertThat(found.change()).isZero(); // not a doubt either: each answer is as likely as it was
    }

    @Test
    void oneAnswerThatOutweighsAllIsWorthOne() {
        var found = OffPolicy.Found.of(List.of(10.0, 0.01, 0.01, 0.01), List.of(1.0, 0.0, 1.0, 1.0));

        assertThat(found.effective()).isCloseTo(1, within(0.01)); // (sum)^2 / sum of squares = 100.6 / 100
        assertThat(OffPolicy.Found.of(List.of(), List.of()).effective()).isZero();
    }

    /** Live says the good answer half the time; the candidate says it with p. Rewards are 1 and 0, with noise. */
    @Test
    void aWorseCandidateIsVetoedAndAGoodOneAlmostNever() {
        assertThat(vetoes(0.2)).isGreaterThan(0.95);
        assertThat(vetoes(0.8)).isZero();
        assertThat(vetoes(0.5)).isZero(); // its weights are all 1
        assertThat(vetoes(0.51)).isLessThan(0.08); // slightly better: wrongly vetoed in about 5 % at most
    }

    private static double vetoes(double p) {
        var random = Seams.random(11);
        int vetoed = 0;
        int runs = 400;
        for (int run = 0; run < runs; run++) {
            var weights = new ArrayList<Double>();
            var rewards = new ArrayList<Double>();
            for (int i = 0; i < ANSWERS; i++) {
                boolean good = random.nextBoolean();
                weights.add(good ? p / 0.5 : (1 - p) / 0.5);
                rewards.add(random.nextDouble() < (good ? 0.9 : 0.2) ? 1.0 : 0.0);
            }
            var found = OffPolicy.Found.of(weights, rewards);
            vetoed += found.effective() >= ExamPlan.DEFAULT.effectiveMin() && found.change() < 0 ? 1 : 0;
        }
        return vetoed / (double) runs;
    }
}
