package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;

/** How many tokens an answer took. */
public final class Usage extends JsonValue {
    private Usage(ObjectNode json) {
        super(json);
    }

    /**
     * What the wire calls usage.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     */
    public static Usage of(ObjectNode json) {
        return new Usage(json);
    }

    /** {@return tokens of the question, with all that was put before it} */
    public int promptTokens() {
        return optionalInt("prompt_tokens").orElse(0);
    }

    /** {@return tokens of the answer} */
    public int completionTokens() {
        return optionalInt("completion_tokens").orElse(0);
    }

    /** {@return tokens of the question that were really taken from the cache} */
    public int cachedTokens() {
        return optionalObject("prompt_tokens_details")
                .map(details -> details.path("cached_tokens").asInt(0))
                .orElse(0);
    }
}
