package dev.apprentice.learner.value;

import dev.apprentice.learner.loss.Logistic;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One small net from what is seen to the log-odds of a good answer: a line, and beside it a hidden layer of tanh units
 * (none for a plain logistic). Immutable; the same outcomes and seed give the same net to the bit.
 *
 * @param inputs how many numbers it sees
 * @param hidden units of its hidden layer
 * @param weights line [inputs], bias, then per unit: its inputs [inputs], bias, outgoing weight
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Net(int inputs, int hidden, double[] weights) {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.95;
    private static final double EPSILON = 1e-8;

    /** One thing to learn: what is seen, how good it was (0 to 1), and how much that weighs. */
    @SuppressWarnings("ArrayRecordComponent")
    record Row(double[] seen, double reward, double weight) {}

    Net {
        assert weights.length == inputs + 1 + hidden * (inputs + 2) : weights.length;
    }

    /** Log-odds that an answer is good. */
    double logit(double[] seen) {
        double logit = weights[inputs];
        for (int i = 0; i < inputs; i++) {
            logit += weights[i] * seen[i];
        }
        int at = inputs + 1;
        for (int h = 0; h < hidden; h++, at += inputs + 2) {
            logit += weights[at + inputs + 1] * unit(weights, at, seen);
        }
        return logit;
    }

    private double unit(double[] weights, int at, double[] seen) {
        double sum = weights[at + inputs];
        for (int i = 0; i < inputs; i++) {
            sum += weights[at + i] * seen[i];
        }
        return Math.tanh(sum);
    }

    /**
     * Learns from rows drawn with replacement from {@code rows}: cross entropy to soft rewards by AdamW.
     *
     * @param rows at least one
     */
    static Net learn(List<Row> rows, ValuePlan plan, RandomGenerator random) {
        int inputs = rows.getFirst().seen().length;
        var net = fresh(inputs, plan.hidden(), random);
        int size = net.weights.length;
        var sample = random.ints(rows.size(), 0, rows.size()).toArray();
        var first = new double[size];
        var second = new double[size];
        for (int step = 0; step < plan.steps(); step++) {
            var gradient = new double[size];
            double weight = 0;
            for (int b = 0; b < plan.batch(); b++) {
                var row = rows.get(sample[random.nextInt(sample.length)]);
                net.add(gradient, row);
                weight += row.weight();
            }
            double rate = plan.rate() * (1 - 0.9 * step / plan.steps());
            double unbias1 = 1 - Math.pow(BETA_1, step + 1);
            double unbias2 = 1 - Math.pow(BETA_2, step + 1);
            for (int k = 0; k < size; k++) {
                double g = gradient[k] / Math.max(weight, EPSILON);
                first[k] = BETA_1 * first[k] + (1 - BETA_1) * g;
                second[k] = BETA_2 * second[k] + (1 - BETA_2) * g * g;
                double decay = net.bias(k) ? 0 : rate * plan.decay() * net.weights[k];
                net.weights[k] -= rate * (first[k] / unbias1) / (Math.sqrt(second[k] / unbias2) + EPSILON) + decay;
            }
        }
        return net;
    }

    private static Net fresh(int inputs, int hidden, RandomGenerator random) {
        var weights = new double[inputs + 1 + hidden * (inputs + 2)];
        int at = inputs + 1;
        for (int h = 0; h < hidden; h++, at += inputs + 2) {
            for (int i = 0; i < inputs; i++) {
                weights[at + i] = random.nextGaussian() / Math.sqrt(inputs);
            }
        }
        return new Net(inputs, hidden, weights);
    }

    private boolean bias(int k) {
        return k == inputs || (k > inputs && (k - inputs - 1) % (inputs + 2) == inputs);
    }

    private void add(double[] gradient, Row row) {
        var seen = row.seen();
        double error = row.weight() * (Logistic.of(logit(seen)) - row.reward());
        for (int i = 0; i < inputs; i++) {
            gradient[i] += error * seen[i];
        }
        gradient[inputs] += error;
        int at = inputs + 1;
        for (int h = 0; h < hidden; h++, at += inputs + 2) {
            double unit = unit(weights, at, seen);
            double back = error * weights[at + inputs + 1] * (1 - unit * unit);
            for (int i = 0; i < inputs; i++) {
                gradient[at + i] += back * seen[i];
            }
            gradient[at + inputs] += back;
            gradient[at + inputs + 1] += error * unit;
        }
    }
}
