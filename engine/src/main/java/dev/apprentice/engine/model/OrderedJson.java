package dev.apprentice.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.apprentice.engine.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON that this package writes: key order as given, so that equal contents are equal bytes. */
final class OrderedJson {
    private OrderedJson() {}

    /** An object of alternating keys and values. */
    static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return object;
    }

    static byte[] bytes(Object value) {
        try {
            return Json.strict().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError("maps, lists and plain values can always be written", e);
        }
    }
}
