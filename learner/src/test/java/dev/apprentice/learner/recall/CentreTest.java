package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CentreTest {
    private static final int LAYERS = 3;
    private static final int HIDDEN = 37;

    /** Floats over 37 numbers: each product and sum is right to 6e-8. */
    private static final double CLOSE = 1e-6;

    private final Random random = new Random(7);

    @Test
    void cosinesAreThoseOfTheDefinition() {
        var states = IntStream.range(0, 8).mapToObj(_ -> state()).toList();
        var middle = Vectors.mean(states);
        var centre = new Centre(middle);
        for (var a : states) {
            for (var b : states) {
                var one = new Question(a, Set.of());
                var other = new Question(b, Set.of());
                double plain = cosine(a, b, new float[LAYERS][HIDDEN]);
                assertThat(one.cosine(other)).isCloseTo(plain, within(1e-9));
                assertThat(one.cosines(other, apart(centre, a, b), 0, centre, centre.of(a), centre.of(b)))
                        .isCloseTo((plain + cosine(a, b, middle)) / 2, within(CLOSE));
            }
        }
    }

    @Test
    void whatHasNoDirectionIsLikeNothing() {
        var state = state();
        var centre = new Centre(Vectors.mean(List.<float[][]>of(state)));
        var question = new Question(state, Set.of());
        var nothing = new Question(new float[LAYERS][HIDDEN], Set.of());
        assertThat(question.cosines(
                        question, apart(centre, state, state), 0, centre, centre.of(state), centre.of(state)))
                .isCloseTo(.5, within(1e-9));
        assertThat(question.cosine(nothing)).isZero();
    }

    private static float[][] apart(Centre centre, float[][] a, float[][] b) {
        return new Panel(List.<float[][]>of(centre.apart(a))).dots(centre.apart(b), 1);
    }

    private float[][] state() {
        var state = new float[LAYERS][HIDDEN];
        for (var layer : state) {
            for (int h = 0; h < layer.length; h++) {
                layer[h] = (float) (1 + random.nextGaussian());
            }
        }
        return state;
    }

    private static double cosine(float[][] a, float[][] b, float[][] from) {
        double sum = 0;
        for (int l = 0; l < LAYERS; l++) {
            double dot = 0;
            double aa = 0;
            double bb = 0;
            for (int h = 0; h < HIDDEN; h++) {
                double x = (double) a[l][h] - from[l][h];
                double y = (double) b[l][h] - from[l][h];
                dot += x * y;
                aa += x * x;
                bb += y * y;
            }
            sum += dot / Math.sqrt(aa * bb);
        }
        return sum / LAYERS;
    }
}
