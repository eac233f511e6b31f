package dev.apprentice.learner.recall;

/**
 * A point from which states are seen. With how a state lies to it known once, the cosine of two states as seen from
 * there and from the origin cost one dot product together: ab = (a - m)(b - m) + am + bm - mm. It is the product of the
 * differences that is computed, as the difference of two products of long vectors that lie close says nothing.
 */
final class Centre {
    private final float[][] point;
    private final double[] square;

    /** At {@code point}, [layers, hidden]. */
    Centre(float[][] point) {
        this.point = point;
        square = new double[point.length];
        for (int l = 0; l < square.length; l++) {
            square[l] = Vectors.dot(point[l], point[l]);
        }
    }

    /**
     * How a state lies to a centre.
     *
     * @param along its dot product with the centre, by layers
     * @param distance its distance from the centre, by layers
     */
    @SuppressWarnings("ArrayRecordComponent") // made for sums, and never compared
    record Offset(double[] along, double[] distance) {}

    /** Measures a state. */
    Offset of(float[][] state) {
        var along = new double[point.length];
        var distance = new double[point.length];
        for (int l = 0; l < point.length; l++) {
            along[l] = Vectors.dot(state[l], point[l]);
            double squares = 0; // by differences: of a state that is the centre it has to be nothing at all
            for (int h = 0; h < point[l].length; h++) {
                double x = (double) state[l][h] - point[l][h];
                squares += x * x;
            }
            distance[l] = Math.sqrt(squares);
        }
        return new Offset(along, distance);
    }

    /** A state as seen from here, [layers, hidden]. */
    float[][] apart(float[][] state) {
        var apart = new float[point.length][];
        for (int l = 0; l < point.length; l++) {
            apart[l] = new float[point[l].length];
            for (int h = 0; h < apart[l].length; h++) {
                apart[l][h] = state[l][h] - point[l][h];
            }
        }
        return apart;
    }

    /** Dot product of layer {@code layer} of two states whose dot product as seen from here is {@code apart}. */
    double dot(int layer, double apart, Offset a, Offset b) {
        return apart + a.along[layer] + b.along[layer] - square[layer];
    }

    /** The quotient, and 0 where a state has no direction. */
    static double ratio(double dot, double lengths) {
        return lengths == 0 ? 0 : dot / lengths;
    }
}
