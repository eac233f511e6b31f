package dev.apprentice.engine.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.apprentice.engine.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool call as templates expect it: on the wire {@code arguments} is a string that holds JSON, in a template a
 * mapping. An empty string is an empty mapping; what is no JSON object stays as it is, since the model may have written
 * it so.
 */
final class ToolCallView {
    private ToolCallView() {}

    static Map<String, Object> of(Map<String, Object> call) {
        if (!(call.get("function") instanceof Map<?, ?> function)
                || !(function.get("arguments") instanceof String arguments)) {
            return call;
        }
        Map<Object, @Nullable Object> seen = new LinkedHashMap<>(function);
        seen.put("arguments", parsed(arguments));
        Map<String, Object> view = new LinkedHashMap<>(call);
        view.put("function", seen);
        return view;
    }

    private static Object parsed(String arguments) {
        if (arguments.isBlank()) {
            return Map.of();
        }
        try {
            return Json.strict().readValue(arguments, Object.class) instanceof Map<?, ?> mapping ? mapping : arguments;
        } catch (JsonProcessingException e) {
            return arguments;
        }
    }
}
