package dev.apprentice.server.openai;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.server.asking.Asking;
import dev.apprentice.server.asking.FormFields;
import dev.apprentice.server.asking.SamplingFields;
import dev.apprentice.server.asking.ToolFields;
import dev.apprentice.server.asking.WishFields;
import dev.apprentice.server.http.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads chat completion requests: OpenAI's fields, and beyond them vLLM's {@code top_k}, {@code min_p},
 * {@code min_tokens}, {@code ignore_eos} and ours. Null is absent, unknown fields are ignored.
 */
public final class ChatRequestReader {
    private static final int METADATA_MAX = 16;
    private static final int METADATA_NAME_MAX = 64;
    private static final int METADATA_VALUE_MAX = 512;

    private final SamplingFields sampling;

    /** Reads for the model whose {@code sampling} it is. */
    public ChatRequestReader(SamplingFields sampling) {
        this.sampling = sampling;
    }

    /**
     * Reads {@code body}.
     *
     * @param episodeHeader what the header {@code Apprentice-Episode} says, for clients without metadata, or null
     */
    public ChatRequest read(Fields body, @Nullable String episodeHeader) {
        var model = body.requiredString("model");
        var messages = Messages.in(body);
        refuseLegacy(body);
        checkMetadata(body);
        Unbuilt.refuse(body);
        var tools = ToolFields.tools(body);
        var maxTokens = maxTokens(body);
        var logprobs = body.bool("logprobs").orElse(false);
        var asking = Asking.to(model, messages, sampling.read(body, maxTokens, topLogprobs(body, logprobs)))
                .tools(tools)
                .toolChoice(ToolFields.choice(body, tools))
                .parallelToolCalls(body.bool("parallel_tool_calls").orElse(true))
                .form(FormFields.read(body))
                .maxTokens(maxTokens)
                .choices(body.integer("n", 1, 128).orElse(1))
                .extras(WishFields.extras(body))
                .episode(WishFields.episode(body, episodeHeader))
                .done();
        return new ChatRequest(asking, logprobs, delivery(body));
    }

    /** OpenAI's limits; what is kept of it is the episode alone. */
    private static void checkMetadata(Fields body) {
        body.string("user");
        body.bool("store");
        body.object("metadata").ifPresent(metadata -> {
            var names = metadata.names();
            var sizes = names.stream()
                    .allMatch(name -> name.length() <= METADATA_NAME_MAX
                            && metadata.string(name).map(String::length).orElse(0) <= METADATA_VALUE_MAX);
            if (names.size() > METADATA_MAX || !sizes) {
                throw body.wrongValue(
                        "metadata",
                        "up to " + METADATA_MAX + " names of up to " + METADATA_NAME_MAX
                                + " characters with strings of up to " + METADATA_VALUE_MAX,
                        body.value("metadata").orElseThrow());
            }
        });
    }

    /** OpenAI's first way to call functions, which tools have replaced. */
    private static void refuseLegacy(Fields body) {
        for (var field : List.of("functions", "function_call")) {
            var found = body.value(field);
            if (found.isPresent() && !(found.get().isArray() && found.get().isEmpty())) {
                throw body.wrongValue(field, "absent: use tools and tool_choice instead", found.orElseThrow());
            }
        }
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

    /** How the answer is sent. */
    static ChatRequest.Delivery delivery(Fields body) {
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
}
