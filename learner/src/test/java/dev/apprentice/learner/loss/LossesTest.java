package dev.apprentice.learner.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Losses and slopes are PyTorch's and TRL's (src/test/reference/losses.py), and what one finds by hand. */
class LossesTest {
    private static final double DOUBLE = 1e-9;

    private final JsonNode expected = read();

    @Test
    void aPreferenceHasTrlsLossAndSlopes() {
        for (var json : expected.get("preference")) {
            var now = numbers(json.get("now"));
            var before = numbers(json.get("before"));
            var loss = new Preference(
                            json.get("beta").asDouble(),
                            json.get("smoothing").asDouble(),
                            json.get("likelihood").asDouble())
                    .of(
                            now.get(0),
                            now.get(1),
                            before.get(0),
                            before.get(1),
                            json.get("tokens").asInt());

            assertThat(loss.loss()).isCloseTo(json.get("loss").asDouble(), within(DOUBLE));
            assertClose(List.of(loss.chosen(), loss.rejected()), numbers(json.get("slopes")));
        }
    }

    @Test
    void thumbsHaveTrlsLossesAndSlopes() {
        for (var json : expected.get("thumbs")) {
            var thumbs = new Thumbs(
                    json.get("beta").asDouble(),
                    json.get("up").asDouble(),
                    json.get("down").asDouble());
            var good = numbers(json.get("good"));
            var now = Stream.concat(good.stream(), numbers(json.get("bad")).stream())
                    .toList();
            var before = numbers(json.get("before"));
            double point = Thumbs.point(numbers(json.get("moved")));
            var losses = new ArrayList<Double>();
            var slopes = new ArrayList<Double>();
            for (int i = 0; i < now.size(); i++) {
                var loss = thumbs.of(i < good.size(), now.get(i), before.get(i), point);
                losses.add(loss.loss());
                slopes.add(loss.slope());
            }

            assertClose(losses, numbers(json.get("losses")));
            assertClose(slopes, numbers(json.get("slopes")));
        }
    }

    @Test
    void rewardedAnswersHavePytorchsLossAndSlope() {
        for (var json : expected.get("graded")) {
            var loss = new Graded(json.get("length").asDouble())
                    .of(
                            json.get("advantage").asDouble(),
                            json.get("now").asDouble(),
                            json.get("then").asDouble());

            assertThat(loss.loss()).isCloseTo(json.get("loss").asDouble(), within(DOUBLE));
            assertThat(loss.slope()).isCloseTo(json.get("slope").asDouble(), within(DOUBLE));
        }
    }

    @Test
    void leavingOneOutHasTrlsAdvantages() {
        for (var json : expected.get("leaveOneOut")) {
            assertClose(Graded.leaveOneOut(numbers(json.get("rewards"))), numbers(json.get("advantages")));
        }
    }

    @Test
    void whereNothingHasMovedAPreferenceIsWorthLogTwo() {
        var loss = new Preference(0.1, 0, 0).of(-5, -3, -5, -3, 4);

        assertThat(loss.loss()).isCloseTo(Math.log(2), within(DOUBLE));
        assertThat(loss.chosen()).isCloseTo(-0.05, within(DOUBLE)); // -β/2
        assertThat(loss.rejected()).isCloseTo(0.05, within(DOUBLE));
        assertThat(loss.margin()).isZero();
    }

    @Test
    void theChosenAnswersOwnSurpriseIsPaidPerToken() {
        var loss = new Preference(0.1, 0, 1).of(-8, -8, -8, -8, 4);

        assertThat(loss.loss()).isCloseTo(Math.log(2) + 2, within(DOUBLE)); // 8 nats over 4 tokens
        assertThat(loss.chosen()).isCloseTo(-0.05 - 0.25, within(DOUBLE));
    }

    @Test
    void slopesAreThoseOfTheLosses() {
        var preference = new Preference(0.3, 0.1, 0.5);
        assertSlope(
                x -> preference.of(x, -6, -7, -5, 3).loss(),
                preference.of(-4, -6, -7, -5, 3).chosen(),
                -4);
        assertSlope(
                x -> preference.of(-4, x, -7, -5, 3).loss(),
                preference.of(-4, -6, -7, -5, 3).rejected(),
                -6);
        var thumbs = new Thumbs(0.2, 1, 1.15);
        assertSlope(
                x -> thumbs.of(true, x, -3, 1).loss(),
                thumbs.of(true, -4, -3, 1).slope(),
                -4);
        assertSlope(
                x -> thumbs.of(false, x, -3, 1).loss(),
                thumbs.of(false, -4, -3, 1).slope(),
                -4);
    }

    @Test
    void farOutEveryLossAndSlopeIsANumber() {
        for (double far : List.of(-1e6, -700.0, 0.0)) {
            var pair = new Preference(2, 0.1, 1).of(far, 0, 0, far, 1);
            var thumb = new Thumbs(2, 1, 1).of(false, far, 0, 0);
            var grade = new Graded(32).of(-1, far, 0);
            assertThat(List.of(pair.loss(), pair.chosen(), pair.rejected(), thumb.loss(), thumb.slope(), grade.slope()))
                    .allSatisfy(value -> assertThat(value).isFinite());
        }
    }

    @Test
    void whatWasUnlearntIsLeftAloneAndWhatIsLikelierThanBeforeIsNotUnlearntFaster() {
        var graded = new Graded(32);

        assertThat(graded.of(-1, -30, -2).slope()).isCloseTo(0, within(1e-12));
        assertThat(graded.of(-1, -1, -5).slope()).isEqualTo(1 / 32.0);
        assertThat(graded.of(1, -30, -2).slope()).isEqualTo(-1 / 32.0); // good ones are learnt however unlikely
    }

    @Test
    void whatIsExpectedLiesBelowTheMeanOfTheRewards() {
        // one reward: (r + 1) / 3 - .1; the mean of two: (1 + 0 + 1) / 4 - .1
        assertClose(Graded.aboveMean(List.of(1.0)), List.of(1 - (2 / 3.0 - 0.1)));
        assertClose(Graded.aboveMean(List.of(0.0)), List.of(-(1 / 3.0 - 0.1)));
        assertClose(Graded.aboveMean(List.of(1.0, 0.0)), List.of(0.6, -0.4));
        assertClose(Graded.leaveOneOut(List.of(1.0, 0.0, 0.5)), List.of(0.75, -0.75, 0.0));
    }

    @Test
    void thumbsUpAndDownWeighNearlyTheSameInAll() {
        assertThat(Thumbs.balanced(0.1, 30, 10)).isEqualTo(new Thumbs(0.1, 1, 1.15 * 30 / 10));
        assertThat(Thumbs.balanced(0.1, 0, 10)).isEqualTo(new Thumbs(0.1, 1, 1));
        assertThat(Thumbs.point(List.of())).isZero();
        assertThat(Thumbs.point(List.of(-2.0, 1.0))).isZero();
        assertThat(Thumbs.point(List.of(1.0, 2.0))).isEqualTo(1.5);
    }

    private static void assertSlope(DoubleUnaryOperator loss, double slope, double at) {
        double step = 1e-5;
        assertThat((loss.applyAsDouble(at + step) - loss.applyAsDouble(at - step)) / (2 * step))
                .isCloseTo(slope, within(1e-6));
    }

    private static void assertClose(List<Double> found, List<Double> wanted) {
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).isCloseTo(wanted.get(i), within(DOUBLE));
        }
    }

    private static List<Double> numbers(JsonNode list) {
        var numbers = new ArrayList<Double>();
        list.forEach(number -> numbers.add(number.asDouble()));
        return numbers;
    }

    private static JsonNode read() {
        try {
            return new ObjectMapper()
                    .readTree(
                            Path.of("src/test/resources/reference/losses.json").toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
