package dev.apprentice.learner.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.Seams;
import dev.apprentice.learner.loss.Logistic;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A head learns what can be learnt, and its probabilities are probabilities. */
class FitTest {
    private static final int STATES = 40;
    private static final ValuePlan PLAN = ValuePlan.DEFAULT;

    /** An answer whose first trait and one direction of its states say how probably it is good. */
    record Made(Outcome outcome, double probability) {}

    static List<Made> made(int count, RandomGenerator random) {
        var made = new ArrayList<Made>();
        for (int i = 0; i < count; i++) {
            var values = new float[Traits.SCALARS + STATES];
            for (int k = 0; k < values.length; k++) {
                values[k] = (float) random.nextGaussian() * 0.3f;
            }
            double hidden = random.nextGaussian();
            values[0] = (float) random.nextGaussian();
            for (int k = 0; k < STATES; k++) {
                values[Traits.SCALARS + k] += (float) (hidden * (k % 2 == 0 ? 1 : -1));
            }
            double probability = Logistic.of(1.5 * values[0] + 1.5 * hidden + 0.5);
            double reward = random.nextDouble() < probability ? 1 : 0;
            made.add(new Made(new Outcome("r" + i, new Traits(values), reward, 1), probability));
        }
        return made;
    }

    static List<Outcome> outcomes(List<Made> made) {
        return made.stream().map(Made::outcome).toList();
    }

    private static Quality judged(Fit fit, List<Made> unseen) {
        return Quality.of(
                unseen.stream()
                        .mapToDouble(each ->
                                fit.head().judge(each.outcome().traits()).confidence())
                        .toArray(),
                unseen.stream().mapToDouble(each -> each.outcome().reward()).toArray());
    }

    @Test
    void itLearnsAlmostAsMuchAsCanBeKnown() {
        var random = Seams.random(7);
        var fit = Fit.of(outcomes(made(600, random)), PLAN);
        var unseen = made(2000, random);
        var best = Quality.of(
                unseen.stream().mapToDouble(Made::probability).toArray(),
                unseen.stream().mapToDouble(each -> each.outcome().reward()).toArray());
        var quality = judged(fit, unseen);
        assertThat(quality.auroc())
                .as("who knows the truth has %s", best.auroc())
                .isGreaterThan(best.auroc() - 0.04);
        assertThat(quality.ece()).as("who knows the truth has %s", best.ece()).isLessThan(0.07);
        assertThat(fit.quality().auroc()).as("said of itself").isCloseTo(quality.auroc(), within(0.06));
        assertThat(Standing.of(fit.quality())).isEqualTo(ValueState.CALIBRATED);
    }

    @Test
    void ofNoiseItSaysTheShareOfGoodAnswersAndDrivesNothing() {
        var random = Seams.random(3);
        var noise = outcomes(made(200, random)).stream()
                .map(each -> new Outcome(each.request(), each.traits(), random.nextDouble() < 0.7 ? 1 : 0, 1))
                .toList();
        var fit = Fit.of(noise, PLAN);
        assertThat(fit.quality().auroc()).isLessThan(0.65);
        assertThat(Standing.of(fit.quality())).isEqualTo(ValueState.FITTED);
        assertThat(made(300, random).stream()
                        .mapToDouble(each ->
                                fit.head().judge(each.outcome().traits()).confidence())
                        .average()
                        .orElseThrow())
                .isCloseTo(0.7, within(0.12));
    }

    @Test
    void theSameOutcomesGiveTheSameHeadToTheBit() {
        var outcomes = outcomes(made(80, Seams.random(5)));
        var probe = made(1, Seams.random(6)).getFirst().outcome().traits();
        assertThat(Fit.of(outcomes, PLAN).head().judge(probe))
                .isEqualTo(Fit.of(outcomes, PLAN).head().judge(probe));
    }

    @Test
    void anAnswerIsNeverJudgedByItsTwin() {
        var random = Seams.random(11);
        var twins = new ArrayList<Outcome>();
        for (var each : made(150, random)) { // labels are noise: only memory could tell them
            double reward = random.nextBoolean() ? 1 : 0;
            for (int copy = 0; copy < 4; copy++) {
                twins.add(new Outcome(each.outcome().request(), each.outcome().traits(), reward, 1));
            }
        }
        assertThat(Fit.of(twins, PLAN).quality().auroc())
                .as("memory would give 1")
                .isLessThan(0.7);
    }

    @Test
    void softRewardsAreLearntAsTheyAre() {
        var random = Seams.random(13);
        var soft = made(400, random).stream()
                .map(each ->
                        new Outcome(each.outcome().request(), each.outcome().traits(), each.probability(), 1))
                .toList();
        assertThat(Fit.of(soft, PLAN).quality().brier()).isLessThan(0.02);
    }

    @Test
    void headsSurviveAsBytesAndDamagedBytesAreNoHead() {
        var fit = Fit.of(outcomes(made(60, Seams.random(5))), PLAN);
        var probe = made(1, Seams.random(6)).getFirst().outcome().traits();
        var bytes = HeadBytes.write(fit.head());
        assertThat(HeadBytes.read(bytes))
                .hasValueSatisfying(read ->
                        assertThat(read.judge(probe)).isEqualTo(fit.head().judge(probe)));
        bytes[bytes.length / 2] ^= 1;
        assertThat(HeadBytes.read(bytes)).isEmpty();
        assertThat(HeadBytes.read(new byte[] {1, 2})).isEmpty();
    }

    @Test
    void brokenStatesDoNotBreakTheHead() {
        var outcomes = new ArrayList<>(outcomes(made(60, Seams.random(5))));
        var broken = new float[Traits.SCALARS + STATES];
        broken[Traits.SCALARS] = Float.NaN;
        broken[0] = Float.POSITIVE_INFINITY;
        broken[Traits.SCALARS + 1] = 1e30f;
        outcomes.add(new Outcome("broken", new Traits(broken), 1, 1));
        assertThat(Fit.of(outcomes, PLAN).head().judge(new Traits(broken)).confidence())
                .isBetween(0.0, 1.0);
    }
}
