package dev.apprentice.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.util.List;

/** What another's validator says of an answer. Numbers are exact, and a key that is repeated is a fault. */
final class FormOracle {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonSchema schema;

    FormOracle(JsonNode schema) {
        this.schema = SCHEMAS.getSchema(
                schema,
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    }

    static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /**
     * {@code schema} as answers are written to it: other keys than those named only where it says what they are. What
     * must hold beside something else is left as it is.
     */
    static JsonNode closed(JsonNode schema) {
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        var closed = object.objectNode();
        object.properties().forEach(entry -> {
            var value = entry.getValue();
            closed.set(
                    entry.getKey(),
                    switch (entry.getKey()) {
                        case "properties", "$defs" -> {
                            var each = object.objectNode();
                            value.properties().forEach(it -> each.set(it.getKey(), closed(it.getValue())));
                            yield each;
                        }
                        case "anyOf", "oneOf", "prefixItems" -> {
                            var each = object.arrayNode();
                            value.forEach(it -> each.add(closed(it)));
                            yield object.has("type") && !entry.getKey().equals("prefixItems") ? value : each;
                        }
                        case "items", "additionalProperties" -> closed(value);
                        default -> value;
                    });
        });
        if (!object.path("properties").isEmpty() && !object.has("additionalProperties") && !object.has("anyOf")) {
            closed.put("additionalProperties", false);
        }
        return closed;
    }

    /** What is wrong with {@code text}; nothing is good. */
    List<String> faults(String text) {
        try {
            return faults(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            return List.of(e.getOriginalMessage());
        }
    }

    List<String> faults(JsonNode value) {
        return schema.validate(value).stream().map(Object::toString).toList();
    }
}
