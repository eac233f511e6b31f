package dev.apprentice.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that others wrote, read field by field with errors that name it. {@code null} counts as absent, and
 * Python's {@code NaN} and {@code Infinity} are numbers, as they are to the programs that write these files.
 */
record JsonFile(ObjectNode root, String prefix, Blame blame) {
    private static final JsonMapper MAPPER = Json.strict()
            .rebuild()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    static JsonFile parse(byte[] bytes, Blame blame) {
        try {
            if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
                return new JsonFile(object, "", blame);
            }
            throw blame.damaged("file", "a JSON object", "something else");
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw blame.damaged(
                    "file",
                    "JSON",
                    where == null
                            ? e.getOriginalMessage()
                            : e.getOriginalMessage() + " at line " + where.getLineNr() + ", column "
                                    + where.getColumnNr());
        } catch (IOException e) {
            throw blame.damaged("file", "JSON", String.valueOf(e.getMessage()));
        }
    }

    /** The value, or null where it is absent or {@code null}. */
    @Nullable
    JsonNode get(String field) {
        var node = root.get(field);
        return node == null || node.isNull() ? null : node;
    }

    @Nullable
    JsonFile object(String field) {
        return switch (get(field)) {
            case null -> null;
            case ObjectNode object -> new JsonFile(object, prefix + field + ".", blame);
            case JsonNode other -> throw wrong(field, "an object", other);
        };
    }

    @Nullable
    String text(String field) {
        var node = get(field);
        if (node == null) {
            return null;
        }
        if (!node.isTextual()) {
            throw wrong(field, "a string", node);
        }
        return node.textValue();
    }

    @Nullable
    Boolean flag(String field) {
        var node = get(field);
        if (node == null) {
            return null;
        }
        if (!node.isBoolean()) {
            throw wrong(field, "true or false", node);
        }
        return node.booleanValue();
    }

    boolean flag(String field, boolean absent) {
        var flag = flag(field);
        return flag == null ? absent : flag;
    }

    OptionalLong whole(String field) {
        var node = get(field);
        return node == null ? OptionalLong.empty() : OptionalLong.of(whole(field, node));
    }

    /** {@code node}, which is or is in {@code field}, as a whole number. */
    long whole(String field, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong(field, "a whole number", node);
        }
        return node.longValue();
    }

    /** A whole number from 1 to {@code max}. */
    int positive(String field, int max) {
        return positive(field, max, OptionalLong.empty());
    }

    /** A whole number from 1 to {@code max}, or {@code absent} where the field is. */
    int positive(String field, int max, OptionalLong absent) {
        var value = whole(field);
        if (value.isEmpty()) {
            value = absent;
        }
        if (value.isEmpty()) {
            throw blame.missing(prefix + field, "a whole number");
        }
        if (value.getAsLong() < 1 || value.getAsLong() > max) {
            throw blame.damaged(prefix + field, "a whole number from 1 to " + max, String.valueOf(value.getAsLong()));
        }
        return (int) value.getAsLong();
    }

    OptionalDouble number(String field) {
        var node = get(field);
        if (node == null) {
            return OptionalDouble.empty();
        }
        if (!node.isNumber()) {
            throw wrong(field, "a number", node);
        }
        return OptionalDouble.of(node.doubleValue());
    }

    /** A finite number of at least {@code min}. */
    double atLeast(String field, double min, OptionalDouble absent) {
        var value = number(field);
        if (value.isEmpty()) {
            value = absent;
        }
        if (value.isEmpty()) {
            throw blame.missing(prefix + field, "a number");
        }
        if (!(value.getAsDouble() >= min && value.getAsDouble() <= Double.MAX_VALUE)) {
            throw blame.damaged(
                    prefix + field, "a finite number of at least " + min, String.valueOf(value.getAsDouble()));
        }
        return value.getAsDouble();
    }

    dev.apprentice.engine.BadModelException wrong(String field, String expected, JsonNode found) {
        return blame.damaged(prefix + field, expected, found.toString());
    }
}
