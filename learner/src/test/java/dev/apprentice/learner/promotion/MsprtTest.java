package dev.apprentice.learner.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.Seams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MsprtTest {
    private static final TrialPlan PLAN = TrialPlan.DEFAULT;

    @Test
    void isTheFormulaOfLearningSection6() {
        var test = new Msprt(100, -0.3, 0.4, 0.2);

        // sqrt(.4 / (.4 + 100 * .04)) * exp(100^2 * .04 * .09 / (2 * .4 * 4.4)) = .301511 * exp(10.22727)
        assertThat(test.likelihood()).isCloseTo(0.301511 * Math.exp(36 / 3.52), within(1.0));
        // the bound is where the test of that difference would be at 1/alpha: they are the same statement
        double edge = test.high(0.05) - test.difference();
        assertThat(new Msprt(100, edge, 0.4, 0.2).likelihood()).isCloseTo(20, within(1e-6));
    }

    @Test
    void theFirstFewAreNotCertainHoweverEqualTheyAre() {
        var ups = Collections.nCopies(3, 1.0);
        var downs = Collections.nCopies(3, 0.0);

        assertThat(Msprt.of(downs, ups, PLAN.tau()).high(PLAN.alpha())).isPositive();
        assertThat(Msprt.of(List.of(), ups, PLAN.tau()).pairs()).isZero();
        assertThat(Msprt.of(List.of(), ups, PLAN.tau()).likelihood()).isEqualTo(1);
    }

    /** Equal arms, looked at after every pair from the 20th on to the 400th. */
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.5, 0.9})
    void equalArmsRaiseAFalseAlarmInAtMostOneOfTwenty(double p) {
        var random = Seams.random(Math.round(p * 100));
        int runs = 1_000;
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            alarms += decided(random, p, p, PLAN.pairsMax()) ? 1 : 0;
        }
        // 1,000 runs of a true share of .05 lie below .0707 in 999 of 1,000 cases
        assertThat(alarms / (double) runs).isLessThan(0.0707);
    }

    @Test
    void aClearFallIsSeenWithinFiftyPairs() {
        var random = Seams.random(5);
        int runs = 200;
        int seen = 0;
        for (int run = 0; run < runs; run++) {
            seen += decided(random, 0.4, 0.9, 50) ? 1 : 0;
        }
        assertThat(seen / (double) runs).isGreaterThan(0.95);
    }

    /** Whether at any look the difference is certain. */
    private static boolean decided(RandomGenerator random, double tried, double others, int most) {
        var a = new ArrayList<Double>();
        var b = new ArrayList<Double>();
        for (int n = 1; n <= most; n++) {
            a.add(random.nextDouble() < tried ? 1.0 : 0.0);
            b.add(random.nextDouble() < others ? 1.0 : 0.0);
            var test = Msprt.of(a, b, PLAN.tau());
            if (n >= PLAN.pairsMin() && (test.high(PLAN.alpha()) < 0 || test.low(PLAN.alpha()) > 0)) {
                return true;
            }
        }
        return false;
    }
}
