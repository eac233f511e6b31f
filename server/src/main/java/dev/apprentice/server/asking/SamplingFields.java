package dev.apprentice.server.asking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.model.GenerationDefaults;
import dev.apprentice.engine.sampling.Penalties;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads how tokens are chosen: OpenAI's fields, and beyond them vLLM's {@code top_k}, {@code min_p},
 * {@code repetition_penalty}, {@code min_tokens} and {@code ignore_eos}. What a request leaves open is as the model's
 * authors advise.
 */
public final class SamplingFields {
    private static final int STOPS_MAX = 16;

    /** The limit where a request names none; only {@code min_tokens} is checked against it. */
    private static final int TOKENS_DEFAULT = 512;

    private final GenerationDefaults defaults;
    private final Supplier<Long> seeds;

    /** Reads for a model with {@code defaults}; {@code seeds} are for requests that bring none. */
    public SamplingFields(GenerationDefaults defaults, Supplier<Long> seeds) {
        this.defaults = defaults;
        this.seeds = seeds;
    }

    /**
     * Reads {@code body}; the stop strings are those of {@code stop}.
     *
     * @param maxTokens how many tokens the answer may have, or null for the default
     * @param topLogprobs how many alternatives are told for each token
     */
    public SamplingParams read(Fields body, @Nullable Integer maxTokens, int topLogprobs) {
        var limit = maxTokens == null ? TOKENS_DEFAULT : maxTokens;
        var advisedTopK = defaults.topK();
        return new SamplingParams(
                body.number("temperature", 0, 2).orElse(temperature()),
                body.number("top_p", 0, 1).orElse(Math.min(1, orElse(defaults.topP(), 1))),
                // vLLM's -1 is "off" too
                Math.max(0, body.integer("top_k", -1, Integer.MAX_VALUE).orElse(advisedTopK == null ? 0 : advisedTopK)),
                body.number("min_p", 0, 1).orElse(0.0),
                penalties(body),
                logitBias(body),
                body.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElseGet(seeds),
                limit,
                body.integer("min_tokens", 0, limit).orElse(0),
                stop(body, "stop"),
                body.bool("ignore_eos").orElse(false),
                topLogprobs);
    }

    /** The stop strings in {@code field}: one, or a list. */
    public static List<String> stop(Fields body, String field) {
        var stop = body.value(field);
        if (stop.isEmpty()) {
            return List.of();
        }
        var expected = "a string or a list of up to " + STOPS_MAX + " strings, none of them empty";
        var strings = new ArrayList<String>();
        if (stop.get().isTextual()) {
            strings.add(stop.get().textValue());
        } else if (stop.get().isArray()) {
            for (var item : stop.get()) {
                if (!item.isTextual()) {
                    throw Fields.wrongType(body.name(field), expected, item);
                }
                strings.add(item.textValue());
            }
        } else {
            throw Fields.wrongType(body.name(field), expected, stop.get());
        }
        if (strings.size() > STOPS_MAX || strings.contains("")) {
            throw body.wrongValue(field, expected, stop.get());
        }
        return strings;
    }

    private static Penalties penalties(Fields body) {
        return new Penalties(
                body.number("repetition_penalty", 0, 10).orElse(1.0),
                body.number("presence_penalty", -2, 2).orElse(0.0),
                body.number("frequency_penalty", -2, 2).orElse(0.0));
    }

    private static Map<Integer, Double> logitBias(Fields body) {
        var biases = new LinkedHashMap<Integer, Double>();
        body.object("logit_bias").ifPresent(object -> {
            for (var token : object.names()) {
                object.number(token, -100, 100).ifPresent(bias -> biases.put(tokenId(body, token), bias));
            }
        });
        return biases;
    }

    private static int tokenId(Fields body, String token) {
        try {
            return Integer.parseUnsignedInt(token);
        } catch (NumberFormatException e) {
            JsonNode found = body.value("logit_bias").orElseThrow();
            var _ = e;
            throw body.wrongValue("logit_bias", "an object of token ids and numbers from -100 to 100", found);
        }
    }

    /** What the model's authors advise, else 1; advice of greedy decoding is advice of 0. */
    private double temperature() {
        if (Boolean.FALSE.equals(defaults.doSample())) {
            return 0;
        }
        return Math.clamp(orElse(defaults.temperature(), 1), 0, 2);
    }

    private static double orElse(@Nullable Double advised, double otherwise) {
        return advised == null ? otherwise : advised;
    }
}
