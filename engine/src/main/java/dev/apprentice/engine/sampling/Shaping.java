package dev.apprentice.engine.sampling;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Changes the logits of single tokens before one is chosen: first the repetition penalty over prompt and answer (Keskar
 * et al. 2019, section 4.1, counted as transformers does), then frequency and presence over the answer (as OpenAI
 * documents them), last the bias. Belongs to its sampler.
 */
final class Shaping {
    private final Penalties penalties;
    private final Map<Integer, Double> bias;
    private final Set<Integer> seen = new HashSet<>();
    private final Map<Integer, Integer> counts = new HashMap<>();

    Shaping(SamplingParams params, int[] prompt) {
        this.penalties = params.penalties();
        this.bias = params.logitBias();
        if (penalties.repetition() != 1) {
            Arrays.stream(prompt).forEach(seen::add);
        }
    }

    /** Whether logits stay as they are. */
    boolean changesNothing() {
        return penalties.none() && bias.isEmpty();
    }

    /** Notes that the answer has {@code token} once more. */
    void said(int token) {
        if (!penalties.none()) {
            seen.add(token);
            counts.merge(token, 1, Integer::sum);
        }
    }

    /** The first {@code width} of {@code logits} as changed, in an array of their own if any is. */
    float[] shaped(float[] logits, int width) {
        if (changesNothing()) {
            return logits;
        }
        var shaped = Arrays.copyOf(logits, width);
        if (penalties.repetition() != 1) {
            for (int token : seen) {
                if (token < width) {
                    double logit = shaped[token];
                    shaped[token] = finite(logit > 0 ? logit / penalties.repetition() : logit * penalties.repetition());
                }
            }
        }
        counts.forEach(
                (token, count) -> shaped[token] -= (float) (penalties.presence() + penalties.frequency() * count));
        bias.forEach((token, added) -> {
            if (token < width) {
                shaped[token] += added.floatValue();
            }
        });
        return shaped;
    }

    /** As a float; the least penalties take logits beyond all floats, and infinity less infinity is no number. */
    private static float finite(double logit) {
        return (float) Math.clamp(logit, -Float.MAX_VALUE, Float.MAX_VALUE);
    }
}
