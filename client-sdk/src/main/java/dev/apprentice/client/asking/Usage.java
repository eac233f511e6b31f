package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;

/** How many tokens an answer took. */
public final class Usage extends JsonValue {
    private Usage(ObjectNode json) {
        super(json);
    }

    /** What the wire calls usage. */
    public static Usage of(ObjectNode json) {
        return new Usage(json);
    }

    /** Tokens of the question, with all that was put before it. */
    public int promptTokens() {
        return optionalInt("prompt_tokens").orElse(0);
    }

    /** Tokens of the answer. */
    public int completionTokens() {
        return optionalInt("completion_tokens").orElse(0);
    }

    /** Tokens of the question that were really taken from the cache. */
    public int cachedTokens() {
        return optionalObject("prompt_tokens_details")
                .map(details -> details.path("cached_tokens").asInt(0))
                .orElse(0);
    }
}
