package dev.apprentice.engine.sampling;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.List;
import java.util.Map;

/**
 * How tokens are chosen and when an answer ends.
 *
 * @param temperature 0 is greedy, up to 2
 * @param topP nucleus mass in (0, 1]; 1 is off (Holtzman et al. 2020)
 * @param topK how many of the best tokens are candidates; 0 is off
 * @param minP share of the best token's probability that a candidate needs, in [0, 1]; 0 is off
 * @param penalties what makes repetition less likely
 * @param logitBias added to the logits of single tokens by id, each -100 to 100
 * @param seed same seed, same answer
 * @param maxTokens how many tokens the answer may have; with 0 the prompt is read and nothing is said
 * @param minTokens how many tokens the answer has at least before an end-of-turn token may be chosen
 * @param stop strings that end the answer and are not part of it; at most 16
 * @param ignoreEos whether end-of-turn tokens are skipped over
 * @param topLogprobs how many alternatives are reported for each token, 0 to 20
 */
public record SamplingParams(
        double temperature,
        double topP,
        int topK,
        double minP,
        Penalties penalties,
        Map<Integer, Double> logitBias,
        long seed,
        int maxTokens,
        int minTokens,
        List<String> stop,
        boolean ignoreEos,
        int topLogprobs) {

    /** The most likely token each time, up to {@code maxTokens}. */
    public static SamplingParams greedy(int maxTokens) {
        return new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, maxTokens, 0, List.of(), false, 0);
    }

    /** The same, and not one token fewer, wherever the answer would end: what measurements ask for. */
    public static SamplingParams exactly(int tokens) {
        return new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, tokens, tokens, List.of(), true, 0);
    }

    public SamplingParams {
        stop = List.copyOf(stop);
        logitBias = Map.copyOf(logitBias);
        check(temperature >= 0 && temperature <= 2, "temperature", "a number from 0 to 2", temperature);
        check(topP > 0 && topP <= 1, "top_p", "a number above 0 and up to 1", topP);
        check(topK >= 0, "top_k", "0 or more", topK);
        check(minP >= 0 && minP <= 1, "min_p", "a number from 0 to 1", minP);
        logitBias.forEach((token, bias) -> {
            check(token >= 0, "logit_bias", "token ids of 0 or more", token);
            check(bias >= -100 && bias <= 100, "logit_bias." + token, "a number from -100 to 100", bias);
        });
        check(maxTokens >= 0, "max_tokens", "0 or more", maxTokens);
        check(minTokens >= 0 && minTokens <= maxTokens, "min_tokens", "0 up to max_tokens", minTokens);
        check(topLogprobs >= 0 && topLogprobs <= 20, "top_logprobs", "0 to 20", topLogprobs);
        check(stop.size() <= 16, "stop", "at most 16 strings", stop.size());
        check(stop.stream().noneMatch(String::isEmpty), "stop", "no empty string", "an empty string");
    }

    /** The same with other stop strings. */
    public SamplingParams withStop(List<String> stop) {
        var copy = new Copy(this);
        copy.stop = stop;
        return copy.made();
    }

    /** The same with another number of reported alternatives. */
    public SamplingParams withTopLogprobs(int topLogprobs) {
        var copy = new Copy(this);
        copy.topLogprobs = topLogprobs;
        return copy.made();
    }

    /** The same with another seed. */
    public SamplingParams withSeed(long seed) {
        var copy = new Copy(this);
        copy.seed = seed;
        return copy.made();
    }

    /** The same with another limit, which the least number of tokens must not exceed. */
    public SamplingParams withMaxTokens(int maxTokens) {
        var copy = new Copy(this);
        copy.maxTokens = maxTokens;
        return copy.made();
    }

    /** The same under {@code penalties}. */
    public SamplingParams withPenalties(Penalties penalties) {
        var copy = new Copy(this);
        copy.penalties = penalties;
        return copy.made();
    }

    /** The same with {@code logitBias}. */
    public SamplingParams withLogitBias(Map<Integer, Double> logitBias) {
        var copy = new Copy(this);
        copy.logitBias = logitBias;
        return copy.made();
    }

    /** These parameters, one of which is about to be another. */
    private static final class Copy {
        private final SamplingParams from;
        private Penalties penalties;
        private Map<Integer, Double> logitBias;
        private long seed;
        private int maxTokens;
        private List<String> stop;
        private int topLogprobs;

        private Copy(SamplingParams from) {
            this.from = from;
            this.penalties = from.penalties;
            this.logitBias = from.logitBias;
            this.seed = from.seed;
            this.maxTokens = from.maxTokens;
            this.stop = from.stop;
            this.topLogprobs = from.topLogprobs;
        }

        private SamplingParams made() {
            return new SamplingParams(
                    from.temperature,
                    from.topP,
                    from.topK,
                    from.minP,
                    penalties,
                    logitBias,
                    seed,
                    maxTokens,
                    from.minTokens,
                    stop,
                    from.ignoreEos,
                    topLogprobs);
        }
    }

    private static void check(boolean holds, String field, String expected, Object found) {
        if (!holds) {
            throw new InvalidRequestException(
                    "invalid_value",
                    field + " must be " + expected + ", found " + found,
                    Fault.of(field, expected, String.valueOf(found)));
        }
    }
}
