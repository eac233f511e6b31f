package dev.apprentice.learner.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.Seams;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The certified threshold keeps what it promises. */
class CertifiedTest {
    private static final ValuePlan PLAN = ValuePlan.DEFAULT;

    /** docs/learning.md: accepted answers that it takes to show a risk with so many errors, at 95 %. */
    @ParameterizedTest
    @CsvSource({
        ".10, 0, 29", ".10, 1, 46", ".10, 2, 61", ".10, 3, 76",
        ".05, 0, 59", ".05, 1, 93", ".05, 2, 124", ".05, 3, 153",
        ".02, 0, 149", ".02, 3, 386", ".01, 0, 299", ".01, 2, 628"
    })
    void theBoundIsClopperAndPearsons(double risk, int wrong, int count) {
        assertThat(Certified.bound(count, wrong, 0.05)).isLessThanOrEqualTo(risk);
        assertThat(Certified.bound(count - 1, wrong, 0.05)).isGreaterThan(risk);
    }

    @Test
    void withFewerThan59NothingCanBeShown() {
        assertThat(Certified.of(judged(58), ones(58), PLAN)).isNull();
        assertThat(Certified.of(judged(59), ones(59), PLAN)).isNotNull();
    }

    @Test
    void theSearchStopsAtTheFirstFailure() {
        var rewards = ones(400);
        rewards[399 - 10] = 0; // among the 59 surest: nothing laxer may be tried, though 400 with 1 would hold
        assertThat(Certified.of(judged(400), rewards, PLAN)).isNull();
    }

    @Test
    void equalJudgementsAreAcceptedTogether() {
        var judged = new double[100];
        Arrays.fill(judged, 0.9);
        var certified = Objects.requireNonNull(Certified.of(judged, ones(100), PLAN));
        assertThat(certified.accepted()).isEqualTo(100);
        assertThat(certified.bound()).isCloseTo(1 - Math.pow(0.05, 0.01), within(1e-6));
    }

    /** 1,000 draws of 300 graded answers: the true risk above the threshold is over 5 % in at most 5 % of them. */
    @Test
    void theRiskHoldsInSimulation() {
        var random = Seams.random(1);
        int found = 0;
        int broken = 0;
        for (int draw = 0; draw < 1000; draw++) {
            var judged = new double[300];
            var rewards = new double[300];
            for (int i = 0; i < judged.length; i++) {
                judged[i] = random.nextDouble();
                rewards[i] = random.nextDouble() < right(judged[i]) ? 1 : 0;
            }
            var certified = Certified.of(judged, rewards, PLAN);
            if (certified != null) {
                found++;
                broken += risk(certified.threshold()) > PLAN.risk() ? 1 : 0;
            }
        }
        assertThat(found).as("draws in which something could be certified").isGreaterThan(300);
        assertThat(broken)
                .as("of 1,000; 50 expected at most, and 3 sd of a binomial more")
                .isLessThanOrEqualTo(71);
    }

    /** Probability that an answer judged so is right. */
    private static double right(double judged) {
        return 0.6 + 0.4 * Math.min(1, judged * 1.4);
    }

    /** Mean share of wrong answers among those judged at least {@code threshold}. */
    private static double risk(double threshold) {
        double wrong = 0;
        int steps = 10_000;
        for (int i = 0; i < steps; i++) {
            wrong += 1 - right(threshold + (1 - threshold) * (i + 0.5) / steps);
        }
        return wrong / steps;
    }

    private static double[] judged(int count) {
        var judged = new double[count];
        for (int i = 0; i < count; i++) {
            judged[i] = (i + 1.0) / (count + 1);
        }
        return judged;
    }

    private static double[] ones(int count) {
        var ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
