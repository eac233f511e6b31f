package dev.apprentice.server.bench.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.server.http.Wire;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param id of the interaction
 * @param text what was said
 * @param confidence how sure the instance is of it, or null
 * @param needsHelp whether it asks for a person
 * @param tokens what was sampled; only where the arm is trained on it
 */
record Said(String id, String text, @Nullable Double confidence, boolean needsHelp, List<Integer> tokens) {
    Said {
        tokens = List.copyOf(tokens);
    }

    /** One as {@link #json} wrote it. */
    static Said of(JsonNode json) {
        var tokens = new ArrayList<Integer>();
        json.path("tokens").forEach(token -> tokens.add(token.asInt()));
        var confidence = json.path("confidence");
        return new Said(
                json.path("id").asText(),
                json.path("text").asText(),
                confidence.isNumber() ? (Double) confidence.asDouble() : null,
                json.path("needs_help").asBoolean(),
                tokens);
    }

    JsonNode json() {
        return Wire.value(this);
    }
}
