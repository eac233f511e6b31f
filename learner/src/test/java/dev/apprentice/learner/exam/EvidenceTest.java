package dev.apprentice.learner.exam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.Seams;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class EvidenceTest {
    private static final Map<Integer, Double> KNOWN = new HashMap<>();

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

    @Test
    void ofCandidatesThatAreNoBetterAtMostOneInTwentyEverGetsThere() {
        var random = Seams.random(20_261_130);

        double alarms = shareThatReaches(20, 0.5, 200, 4_000, random::nextDouble);

        // Ville: at most 1/20 at any look; 4,000 runs are within 3 standard errors (.0103) of the true share
        assertThat(alarms).isLessThan(0.05 + 0.0103).isGreaterThan(0.005);
        assertThat(shareThatReaches(20, 0.4, 200, 1_000, random::nextDouble)).isLessThan(0.01);
    }

    @Test
    void oneThatIsBetterIsFoundInAsManyLessonsAsLearningSection6Says() {
        var random = Seams.random(3);

        // medians: 14 differing lessons at .8, 37 at .7; so half of the runs get there by then
        assertThat(shareThatReaches(20, 0.8, 14, 2_000, random::nextDouble)).isBetween(0.45, 0.62);
        assertThat(shareThatReaches(20, 0.7, 37, 2_000, random::nextDouble)).isBetween(0.45, 0.57);
    }

    @Test
    void manyResultsNeitherOverflowNorVanish() {
        assertThat(Evidence.of(5_000, 0)).isEqualTo(1e300);
        assertThat(Evidence.of(0, 5_000)).isGreaterThanOrEqualTo(0).isLessThan(1e-3);
        assertThat(Evidence.of(3_000, 2_800)).isBetween(0.1, 20.0); // 51.7 % of 5,800: 2.6 standard errors
    }

    /** How many of {@code runs} reach {@code wanted} at any of their first {@code looks}, each a win at {@code p}. */
    private static double shareThatReaches(double wanted, double p, int looks, int runs, DoubleSupplier random) {
        int reached = 0;
        for (int run = 0; run < runs; run++) {
            int wins = 0;
            for (int n = 1; n <= looks; n++) {
                wins += random.getAsDouble() < p ? 1 : 0;
                if (KNOWN.computeIfAbsent(wins * 1_000 + n, key -> Evidence.of(key / 1_000, key % 1_000 - key / 1_000))
                        >= wanted) {
                    reached++;
                    break;
                }
            }
        }
        return reached / (double) runs;
    }
}
