package dev.apprentice.server.openai;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.model.GenerationDefaults;
import dev.apprentice.engine.sampling.Penalties;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.learner.Extras;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads chat completion requests: OpenAI's fields, and beyond them vLLM's {@code top_k}, {@code min_p},
 * {@code min_tokens}, {@code ignore_eos} and ours. Null is absent, unknown fields are ignored.
 */
final class ChatRequestReader {
    private static final int STOPS_MAX = 16;
    private static final int EPISODE_CHARS_MAX = 256;

    /** What Question takes for the limit where a request names none; only {@code min_tokens} is checked against it. */
    private static final int TOKENS_DEFAULT = 512;

    private final GenerationDefaults defaults;
    private final Supplier<Long> seeds;

    ChatRequestReader(GenerationDefaults defaults, Supplier<Long> seeds) {
        this.defaults = defaults;
        this.seeds = seeds;
    }

    /**
     * Reads {@code body}.
     *
     * @param episodeHeader what the header {@code Apprentice-Episode} says, for clients without metadata, or null
     */
    ChatRequest read(Fields body, @Nullable String episodeHeader) {
        var model = body.requiredString("model");
        var messages = Messages.in(body);
        Unbuilt.refuse(body);
        var maxTokens = maxTokens(body);
        var logprobs = body.bool("logprobs").orElse(false);
        return new ChatRequest(
                model,
                messages,
                sampling(body, maxTokens, topLogprobs(body, logprobs)),
                maxTokens,
                logprobs,
                delivery(body),
                extras(body),
                episode(body, episodeHeader));
    }

    /** The newer of the two names wins where both are given. */
    private static @Nullable Integer maxTokens(Fields body) {
        var older = body.integer("max_tokens", 1, Integer.MAX_VALUE);
        return body.integer("max_completion_tokens", 1, Integer.MAX_VALUE)
                .or(() -> older)
                .orElse(null);
    }

    private static int topLogprobs(Fields body, boolean logprobs) {
        var top = body.integer("top_logprobs", 0, 20).orElse(0);
        if (top > 0 && !logprobs) {
            throw new InvalidRequestException(
                    "invalid_value",
                    "top_logprobs needs logprobs: true",
                    Fault.of("top_logprobs", "logprobs: true beside it", Integer.toString(top)));
        }
        return top;
    }

    private SamplingParams sampling(Fields body, @Nullable Integer maxTokens, int topLogprobs) {
        var limit = maxTokens == null ? TOKENS_DEFAULT : maxTokens;
        var advisedTopK = defaults.topK();
        return new SamplingParams(
                body.number("temperature", 0, 2).orElse(temperature()),
                body.number("top_p", 0, 1).orElse(Math.min(1, orElse(defaults.topP(), 1))),
                // vLLM's -1 is "off" too
                Math.max(0, body.integer("top_k", -1, Integer.MAX_VALUE).orElse(advisedTopK == null ? 0 : advisedTopK)),
                body.number("min_p", 0, 1).orElse(0.0),
                Penalties.NONE,
                Map.of(),
                body.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElseGet(seeds),
                limit,
                body.integer("min_tokens", 0, limit).orElse(0),
                stop(body),
                body.bool("ignore_eos").orElse(false),
                topLogprobs);
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

    private static List<String> stop(Fields body) {
        var stop = body.value("stop");
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
                    throw Fields.wrongType("stop", expected, item);
                }
                strings.add(item.textValue());
            }
        } else {
            throw Fields.wrongType("stop", expected, stop.get());
        }
        if (strings.size() > STOPS_MAX || strings.contains("")) {
            throw body.wrongValue("stop", expected, stop.get());
        }
        return strings;
    }

    private static ChatRequest.Delivery delivery(Fields body) {
        var stream = body.bool("stream").orElse(false);
        var options = body.object("stream_options");
        if (!stream) {
            if (options.isPresent()) {
                throw body.wrongValue(
                        "stream_options",
                        "absent without stream: true",
                        body.value("stream_options").orElseThrow());
            }
            return ChatRequest.Delivery.WHOLE;
        }
        return options.flatMap(it -> it.bool("include_usage")).orElse(false)
                ? ChatRequest.Delivery.STREAM_WITH_USAGE
                : ChatRequest.Delivery.STREAM;
    }

    private static Extras extras(Fields body) {
        var extras = body.object("apprentice");
        if (extras.isEmpty()) {
            return Extras.NONE;
        }
        var wish = extras.get();
        wish.only(Set.of("recall", "adapter", "best_of", "learn"));
        if (wish.integer("best_of", 1, 128).orElse(1) > 1) {
            throw Unbuilt.because(wish.name("best_of"), "choosing the best of several answers");
        }
        return new Extras(
                wish.bool("recall").orElse(null),
                wish.choice("adapter", Set.of("auto", "always", "never"))
                        .map(name -> Extras.Adapter.valueOf(name.toUpperCase(Locale.ROOT)))
                        .orElse(Extras.Adapter.AUTO),
                wish.bool("learn").orElse(true));
    }

    private static @Nullable String episode(Fields body, @Nullable String header) {
        var episode =
                body.object("metadata").flatMap(it -> it.string("episode")).orElse(header);
        if (episode != null && (episode.isBlank() || episode.length() > EPISODE_CHARS_MAX)) {
            var expected = "1 to " + EPISODE_CHARS_MAX + " characters";
            throw new InvalidRequestException(
                    "invalid_value",
                    "metadata.episode must have " + expected,
                    Fault.of("metadata.episode", expected, episode.length() + " characters"));
        }
        return episode;
    }
}
