package dev.apprentice.learner.recall;

/**
 * Kernel ridge regression onto several answers at once, with its leave-one-out predictions for nothing: with {@code G =
 * (K + ridge I)^-1} and {@code C = G Y}, the prediction for lesson i by all others is {@code Y_i - C_i / G_ii}
 * (Rasmussen &amp; Williams 2006, §5.4.2).
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
record Ridge(double[][] coefficients, double[][] leftOut) {

    /**
     * Fits.
     *
     * @param kernel [n, n], symmetric, positive semidefinite
     * @param labels which answer each has, 0 to {@code answers - 1}
     * @param ridge added to the diagonal, above 0
     */
    static Ridge fit(double[][] kernel, int[] labels, int answers, double ridge) {
        int n = kernel.length;
        var inverse = inverse(kernel, ridge);
        var coefficients = new double[n][answers];
        var leftOut = new double[n][answers];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                coefficients[i][labels[j]] += inverse[i][j];
            }
            for (int a = 0; a < answers; a++) {
                leftOut[i][a] = (labels[i] == a ? 1 : 0) - coefficients[i][a] / inverse[i][i];
            }
        }
        return new Ridge(coefficients, leftOut);
    }

    /** Scores of the answers for a request with these similarities to the lessons. */
    double[] scores(double[] similarities) {
        var scores = new double[coefficients.length == 0 ? 0 : coefficients[0].length];
        for (int i = 0; i < similarities.length; i++) {
            for (int a = 0; a < scores.length; a++) {
                scores[a] += similarities[i] * coefficients[i][a];
            }
        }
        return scores;
    }

    /** By Cholesky: L L^T = K + ridge I, then two triangular solves for each unit vector. */
    private static double[][] inverse(double[][] kernel, double ridge) {
        int n = kernel.length;
        var lower = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = kernel[i][j] + (i == j ? ridge : 0);
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                // a kernel that is semidefinite but for rounding must not end in NaN
                lower[i][j] = i == j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / lower[j][j];
            }
        }
        var inverse = new double[n][n];
        for (int unit = 0; unit < n; unit++) {
            var x = inverse[unit];
            for (int i = unit; i < n; i++) {
                double sum = i == unit ? 1 : 0;
                for (int k = unit; k < i; k++) {
                    sum -= lower[i][k] * x[k];
                }
                x[i] = sum / lower[i][i];
            }
            for (int i = n - 1; i >= 0; i--) {
                double sum = x[i];
                for (int k = i + 1; k < n; k++) {
                    sum -= lower[k][i] * x[k];
                }
                x[i] = sum / lower[i][i];
            }
        }
        return inverse;
    }
}
