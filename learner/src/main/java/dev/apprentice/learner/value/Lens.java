package dev.apprentice.learner.value;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Turns traits into the few numbers that a net sees: scalars to mean 0 and spread 1, and hidden states to their
 * directions of most spread (principal components by subspace iteration, Halko et al. 2011, algorithm 4.4).
 *
 * @param mean of each trait
 * @param spread of each trait, 1 where it does not vary
 * @param directions [components, states]: of standardised states, divided by their common spread
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Lens(double[] mean, double[] spread, double[][] directions) {
    private static final int ROUNDS = 4;

    /** A standardised number beyond this is a broken one. */
    private static final double MOST = 6;

    double[] see(Traits traits) {
        var flat = standard(traits, mean, spread);
        int scalars = Traits.SCALARS;
        var seen = new double[scalars + directions.length];
        System.arraycopy(flat, 0, seen, 0, scalars);
        for (int k = 0; k < directions.length; k++) {
            double sum = 0;
            for (int s = 0; s < directions[k].length; s++) {
                sum += directions[k][s] * flat[scalars + s];
            }
            seen[scalars + k] = sum;
        }
        return seen;
    }

    /** Fitted to {@code all}, at least one and all of one length. */
    static Lens fit(List<Traits> all, int components, RandomGenerator random) {
        int size = all.getFirst().values().length;
        var mean = new double[size];
        var spread = new double[size];
        for (var traits : all) {
            for (int i = 0; i < size; i++) {
                mean[i] += traits.values()[i] / all.size();
            }
        }
        for (var traits : all) {
            for (int i = 0; i < size; i++) {
                double off = traits.values()[i] - mean[i];
                spread[i] += off * off / all.size();
            }
        }
        for (int i = 0; i < size; i++) {
            spread[i] = spread[i] > 1e-12 ? Math.sqrt(spread[i]) : 1;
        }
        int states = size - Traits.SCALARS;
        int wanted = Math.min(components, Math.min(states, all.size() - 1));
        if (wanted <= 0) {
            return new Lens(mean, spread, new double[0][]);
        }
        var rows = new double[all.size()][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = java.util.Arrays.copyOfRange(standard(all.get(r), mean, spread), Traits.SCALARS, size);
        }
        return new Lens(mean, spread, directions(rows, wanted, random));
    }

    private static double[] standard(Traits traits, double[] mean, double[] spread) {
        var values = traits.values();
        var flat = new double[mean.length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = Math.clamp((values[i] - mean[i]) / spread[i], -MOST, MOST);
        }
        return flat;
    }

    private static double[][] directions(double[][] rows, int wanted, RandomGenerator random) {
        int states = rows[0].length;
        var basis = new double[wanted][states];
        for (var direction : basis) {
            for (int s = 0; s < states; s++) {
                direction[s] = random.nextGaussian();
            }
        }
        orthonormal(basis);
        for (int round = 0; round < ROUNDS; round++) {
            var next = new double[wanted][states];
            for (var row : rows) {
                for (int k = 0; k < wanted; k++) {
                    double along = dot(row, basis[k]);
                    for (int s = 0; s < states; s++) {
                        next[k][s] += along * row[s];
                    }
                }
            }
            basis = next;
            orthonormal(basis);
        }
        for (var direction : basis) { // each with spread 1: what varies little may matter much
            double spread = 0;
            for (var row : rows) {
                double along = dot(row, direction);
                spread += along * along / rows.length;
            }
            double scale = spread > 1e-12 ? 1 / Math.sqrt(spread) : 0;
            for (int s = 0; s < states; s++) {
                direction[s] *= scale;
            }
        }
        return basis;
    }

    /** Gram and Schmidt, twice for what the first time leaves. */
    private static void orthonormal(double[][] basis) {
        for (int k = 0; k < basis.length; k++) {
            for (int time = 0; time < 2; time++) {
                for (int before = 0; before < k; before++) {
                    double along = dot(basis[k], basis[before]);
                    for (int s = 0; s < basis[k].length; s++) {
                        basis[k][s] -= along * basis[before][s];
                    }
                }
            }
            double length = Math.sqrt(dot(basis[k], basis[k]));
            for (int s = 0; s < basis[k].length; s++) {
                basis[k][s] = length > 1e-12 ? basis[k][s] / length : 0;
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
