package dev.apprentice.client.value;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.error.ProtocolException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON as it goes over the wire: one object, read strictly. */
public final class Wire {
    private static final int DEPTH_MAX = 200;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION) // what people wrote stays out of errors
            .build();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .build());
    }

    private Wire() {}

    /**
     * An empty object.
     *
     * @return a new object
     */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * {@code value} as Jackson writes it: maps, lists, records, texts, numbers.
     *
     * @param value what Jackson can write
     * @return a tree
     */
    public static JsonNode value(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * Reads an object.
     *
     * @param json what to read or write
     * @return the object
     * @throws ProtocolException if these bytes are something else
     */
    public static ObjectNode read(byte[] json) {
        try {
            if (MAPPER.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new ProtocolException("expected a JSON object, found something unreadable: " + where(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array cannot fail
        }
        throw new ProtocolException("expected a JSON object, found another kind of JSON");
    }

    /**
     * {@code json} in bytes.
     *
     * @param json what to read or write
     * @return UTF-8
     */
    public static byte[] bytes(JsonNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e); // a tree can always be written
        }
    }

    private static String where(JsonProcessingException e) {
        var at = e.getLocation();
        return at == null ? "at its end" : "line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
}
