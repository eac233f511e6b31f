package dev.apprentice.learner.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.Seams;
import dev.apprentice.learner.loss.Logistic;
import org.junit.jupiter.api.Test;

class QualityTest {
    /** Worked by hand: pairs good over bad 3 of 4, one tie. */
    @Test
    void figuresAreThoseOfTheDefinitions() {
        var quality = Quality.of(new double[] {0.9, 0.4, 0.4, 0.1}, new double[] {1, 1, 0, 0});
        assertThat(quality.auroc()).isCloseTo(3.5 / 4, within(1e-12));
        assertThat(quality.brier()).isCloseTo((0.01 + 0.36 + 0.16 + 0.01) / 4, within(1e-12));
        assertThat(quality.aurc()).isCloseTo((0 + 0.5 + 1.0 / 3 + 0.5) / 4, within(1e-12));
    }

    @Test
    void whatIsRightAsOftenAsItSaysHasNoCalibrationError() {
        var random = Seams.random(2);
        var p = new double[50_000];
        var r = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = random.nextDouble();
            r[i] = random.nextDouble() < p[i] ? 1 : 0;
        }
        var quality = Quality.of(p, r);
        assertThat(quality.ece()).isLessThan(0.01);
        assertThat(quality.table())
                .hasSize(15)
                .allSatisfy(bin -> assertThat(bin.right()).isCloseTo(bin.confidence(), within(0.03)));
    }

    @Test
    void whereAllAreAlikeNothingIsTold() {
        assertThat(Quality.of(new double[] {0.5, 0.5}, new double[] {1, 1}).auroc())
                .isEqualTo(0.5);
        assertThat(Quality.of(new double[0], new double[0])).isEqualTo(Quality.NONE);
    }

    /** Log-odds that are twice too sure, and shifted: Platt brings both back. */
    @Test
    void plattBringsBackWhatIsTooSure() {
        var random = Seams.random(4);
        var logits = new double[4000];
        var rewards = new double[logits.length];
        var weights = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            double truth = random.nextGaussian();
            logits[i] = 2 * truth + 1;
            rewards[i] = random.nextDouble() < Logistic.of(truth) ? 1 : 0;
            weights[i] = 1;
        }
        var platt = Platt.fit(logits, rewards, weights);
        assertThat(platt.slope()).isCloseTo(0.5, within(0.05));
        assertThat(platt.offset()).isCloseTo(-0.5, within(0.1));
    }
}
