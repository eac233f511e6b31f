package dev.apprentice.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object, read strictly: null is the same as absent, a wrong type or range is refused by the field's name,
 * fields that nobody asks for are ignored unless {@link #only} says otherwise.
 */
public final class Fields {
    private static final int FOUND_CHARS_MAX = 60;

    private final JsonNode object;
    private final String path;

    private Fields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** The object that a body is. */
    public static Fields of(JsonNode body) {
        return of(body, "");
    }

    /** The object {@code node}, which stands at {@code path} in the body. */
    public static Fields of(JsonNode node, String path) {
        if (!node.isObject()) {
            throw wrongType(path.isEmpty() ? "body" : path, "an object", node);
        }
        return new Fields(node, path);
    }

    /** The name of {@code field} as seen from the body's top, for error messages. */
    public String name(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    /** Whether {@code field} is there and not null. */
    public boolean has(String field) {
        return object.hasNonNull(field);
    }

    /** The raw value, if it is there and not null. */
    public Optional<JsonNode> value(String field) {
        return Optional.ofNullable(object.get(field)).filter(node -> !node.isNull());
    }

    /** A string. */
    public Optional<String> string(String field) {
        return value(field).map(node -> {
            if (!node.isTextual()) {
                throw wrongType(name(field), "a string", node);
            }
            return node.textValue();
        });
    }

    /** A string that must be there. */
    public String requiredString(String field) {
        return string(field).orElseThrow(() -> missing(field, "a string"));
    }

    /** One of {@code choices}. */
    public Optional<String> choice(String field, Set<String> choices) {
        return string(field).map(found -> {
            if (!choices.contains(found)) {
                throw wrongValue(field, oneOf(choices), object.get(field));
            }
            return found;
        });
    }

    /** One of {@code choices}, which must be there. */
    public String requiredChoice(String field, Set<String> choices) {
        return choice(field, choices).orElseThrow(() -> missing(field, oneOf(choices)));
    }

    /** True or false. */
    public Optional<Boolean> bool(String field) {
        return value(field).map(node -> {
            if (!node.isBoolean()) {
                throw wrongType(name(field), "true or false", node);
            }
            return node.booleanValue();
        });
    }

    /** A whole number from {@code min} to {@code max}; 5.0 is one too. */
    public Optional<Long> whole(String field, long min, long max) {
        return value(field).map(node -> {
            var expected = "a whole number from " + min + " to " + max;
            if (!node.isNumber()) {
                throw wrongType(name(field), expected, node);
            }
            var number = node.doubleValue();
            var isWhole = node.isIntegralNumber() ? node.canConvertToLong() : number == Math.rint(number);
            if (!isWhole || number < min || number > max || node.longValue() < min || node.longValue() > max) {
                throw wrongValue(field, expected, node);
            }
            return node.longValue();
        });
    }

    /** A whole number from {@code min} to {@code max}. */
    public Optional<Integer> integer(String field, int min, int max) {
        return whole(field, min, max).map(Math::toIntExact);
    }

    /** A number from {@code min} to {@code max}. */
    public Optional<Double> number(String field, double min, double max) {
        return value(field).map(node -> {
            var expected = "a number from " + plain(min) + " to " + plain(max);
            if (!node.isNumber()) {
                throw wrongType(name(field), expected, node);
            }
            var number = node.doubleValue();
            if (!(number >= min && number <= max)) {
                throw wrongValue(field, expected, node);
            }
            return number;
        });
    }

    /** An object. */
    public Optional<Fields> object(String field) {
        return value(field).map(node -> of(node, name(field)));
    }

    /** A list. */
    public Optional<List<JsonNode>> list(String field) {
        return value(field).map(node -> {
            if (!node.isArray()) {
                throw wrongType(name(field), "a list", node);
            }
            var items = new ArrayList<JsonNode>();
            node.forEach(items::add);
            return items;
        });
    }

    /** A list of objects. */
    public Optional<List<Fields>> objects(String field) {
        return list(field).map(items -> {
            var all = new ArrayList<Fields>();
            for (var i = 0; i < items.size(); i++) {
                all.add(of(items.get(i), name(field) + "[" + i + "]"));
            }
            return all;
        });
    }

    /** Refuses every field that is not {@code known}: where a misspelt name would do harm. */
    public void only(Set<String> known) {
        for (var property : object.properties()) {
            if (!known.contains(property.getKey())) {
                var expected = oneOf(known);
                throw new InvalidRequestException(
                        "unknown_field",
                        "unknown field " + name(property.getKey()) + "; expected " + expected,
                        Fault.of(name(property.getKey()), expected, property.getKey()));
            }
        }
    }

    /** The names of all fields. */
    public Set<String> names() {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The whole object as maps, lists and plain values; fields that are null are left out. */
    public Map<String, Object> toMap() {
        return Wire.map(object);
    }

    /** The same, but fields that are null are there with null. */
    public Map<String, @Nullable Object> toMapWithNulls() {
        var map = new LinkedHashMap<String, @Nullable Object>(toMap());
        for (var property : object.properties()) {
            if (property.getValue().isNull()) {
                map.put(property.getKey(), null);
            }
        }
        return map;
    }

    /** The error for a field that must be there and is not. */
    public InvalidRequestException missing(String field, String expected) {
        return new InvalidRequestException(
                "missing_field",
                name(field) + " is missing; expected " + expected,
                Fault.of(name(field), expected, "nothing"));
    }

    /** The error for a field whose value cannot be. */
    public InvalidRequestException wrongValue(String field, String expected, JsonNode found) {
        return new InvalidRequestException(
                "invalid_value",
                name(field) + " must be " + expected + ", found " + shortened(found),
                Fault.of(name(field), expected, shortened(found)));
    }

    /** The error for a field of the wrong type. */
    public static InvalidRequestException wrongType(String name, String expected, JsonNode found) {
        return new InvalidRequestException(
                "invalid_type",
                name + " must be " + expected + ", found " + shortened(found),
                Fault.of(name, expected, shortened(found)));
    }

    /** How an error lists {@code choices}. */
    public static String oneOf(Set<String> choices) {
        return choices.stream().sorted().collect(Collectors.joining(", ", "one of ", ""));
    }

    private static String shortened(JsonNode found) {
        if (found.isObject()) {
            return "an object";
        }
        if (found.isArray()) {
            return "a list";
        }
        var text = found.toString();
        if (text.length() <= FOUND_CHARS_MAX) {
            return text;
        }
        var end = Character.isHighSurrogate(text.charAt(FOUND_CHARS_MAX - 1)) ? FOUND_CHARS_MAX - 1 : FOUND_CHARS_MAX;
        return text.substring(0, end) + "…";
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
