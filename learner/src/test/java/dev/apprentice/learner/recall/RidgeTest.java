package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.Seams;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RidgeTest {
    private static final double RIDGE = 0.3;

    @Test
    void leavingOneOutIsWhatFittingWithoutItPredicts() {
        int n = 9;
        var points = points(n, 4);
        var labels = IntStream.range(0, n).map(i -> i % 3).toArray();
        var kernel = kernel(points, points);

        var whole = Ridge.fit(kernel, labels, 3, RIDGE);

        for (int out = 0; out < n; out++) {
            int left = out;
            var others = IntStream.range(0, n).filter(i -> i != left).toArray();
            var without = Ridge.fit(
                    Arrays.stream(others)
                            .mapToObj(i -> Arrays.stream(others)
                                    .mapToDouble(j -> kernel[i][j])
                                    .toArray())
                            .toArray(double[][]::new),
                    Arrays.stream(others).map(i -> labels[i]).toArray(),
                    3,
                    RIDGE);
            var predicted = without.scores(
                    Arrays.stream(others).mapToDouble(i -> kernel[left][i]).toArray());
            assertThat(whole.leftOut()[left]).containsExactly(predicted, within(1e-9));
        }
    }

    @Test
    void twinsOfOneAnswerVoteForIt() {
        double[][] kernel = {{1, 0.9, 0}, {0.9, 1, 0}, {0, 0, 1}};

        var ridge = Ridge.fit(kernel, new int[] {0, 0, 1}, 2, RIDGE);

        assertThat(Votes.best(ridge.leftOut()[0])).isZero();
        assertThat(Votes.best(ridge.scores(new double[] {0, 0.1, 0.8}))).isEqualTo(1);
    }

    private static double[][] points(int count, int width) {
        var random = Seams.random(7);
        return IntStream.range(0, count)
                .mapToObj(i -> random.doubles(width, -1, 1).toArray())
                .toArray(double[][]::new);
    }

    private static double[][] kernel(double[][] a, double[][] b) {
        return Arrays.stream(a)
                .map(x -> Arrays.stream(b)
                        .mapToDouble(y -> IntStream.range(0, x.length)
                                .mapToDouble(k -> x[k] * y[k])
                                .sum())
                        .toArray())
                .toArray(double[][]::new);
    }
}
