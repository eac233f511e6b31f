package dev.apprentice.engine.sampling;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which token the known answers that agree with what was said go on with, and how much of their weight is behind each.
 */
record PriorWeights(Map<Integer, Double> shares) {
    /** Nothing is known. */
    static final PriorWeights NONE = new PriorWeights(Map.of());

    static PriorWeights of(AnswerGuide.Prior prior, List<Integer> said) {
        var shares = new HashMap<Integer, Double>();
        double total = 0;
        for (var answer : prior.answers()) {
            var tokens = answer.tokens();
            if (tokens.size() > said.size() && tokens.subList(0, said.size()).equals(said)) {
                shares.merge(tokens.get(said.size()), answer.weight(), Double::sum);
                total += answer.weight();
            }
        }
        if (total <= 0) {
            return NONE;
        }
        double all = total;
        shares.replaceAll((_, weight) -> weight / all);
        return new PriorWeights(shares);
    }

    boolean isEmpty() {
        return shares.isEmpty();
    }

    /** Logarithms of the mixture: the model's share of (1 - lambda), and lambda spread by these shares. */
    float[] mixed(float[] logits, int width, double norm, double lambda) {
        var mixed = new float[width];
        float model = (float) Math.log(1 - lambda);
        for (int i = 0; i < width; i++) {
            mixed[i] = (float) (logits[i] - norm) + model;
        }
        shares.forEach((token, share) -> {
            double p = (1 - lambda) * Math.exp(logits[token] - norm) + lambda * share;
            mixed[token] = (float) Math.log(p);
        });
        return mixed;
    }
}
