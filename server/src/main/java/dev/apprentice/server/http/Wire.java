package dev.apprentice.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON as it goes over the wire: names in snake_case, times in RFC 3339, nothing accepted twice or loosely. */
public final class Wire {
    private static final JsonMapper MAPPER = Json.strict()
            .rebuild()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .addModule(new SimpleModule().addSerializer(Instant.class, new Rfc3339()))
            .build();

    private Wire() {}

    /** An empty object to be filled. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** {@code value} as JSON; records become objects with snake_case names. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /** {@code value} as a line of a file of JSON lines. */
    public static byte[] line(Object value) {
        var json = bytes(value);
        var line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /** {@code value} as a tree. */
    public static JsonNode value(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** The JSON object {@code tree} as maps, lists and plain values; nulls are left out. */
    public static Map<String, Object> map(JsonNode tree) {
        var map = new LinkedHashMap<String, Object>();
        for (var property : tree.properties()) {
            plain(property.getValue()).ifPresent(value -> map.put(property.getKey(), value));
        }
        return Collections.unmodifiableMap(map);
    }

    private static Optional<Object> plain(JsonNode value) {
        if (value.isObject()) {
            return Optional.of(map(value));
        }
        if (value.isArray()) {
            var list = new ArrayList<Object>();
            value.forEach(item -> plain(item).ifPresent(list::add));
            return Optional.of(List.copyOf(list));
        }
        return switch (value.getNodeType()) {
            case STRING -> Optional.of(value.textValue());
            case BOOLEAN -> Optional.of(value.booleanValue());
            case NUMBER -> Optional.of(value.numberValue());
            case NULL, MISSING, ARRAY, OBJECT, BINARY, POJO -> Optional.empty();
        };
    }

    /** What {@code text} says. */
    static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    /** Times as RFC 3339 in UTC, which is how an {@link Instant} prints itself. */
    private static final class Rfc3339 extends JsonSerializer<Instant> {
        @Override
        public void serialize(Instant time, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(time.toString());
        }
    }
}
