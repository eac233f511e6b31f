package dev.apprentice.client.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.error.ProtocolException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value of the wire: the JSON object that came or will go, with names for what this version knows of it. Equal where
 * the JSON is equal. Immutable: what goes in and what comes out is copied.
 */
public abstract class JsonValue {
    private final ObjectNode json;

    /**
     * Wraps a copy of {@code json}.
     *
     * @param json the object, which is copied
     */
    protected JsonValue(ObjectNode json) {
        this.json = json.deepCopy();
    }

    /** {@return all of it, also the fields that have no method here} */
    public final ObjectNode json() {
        return json.deepCopy();
    }

    /**
     * One field as it came, or nothing where it is absent or null.
     *
     * @param name the field's name
     * @return the value, as far as the wire has it
     */
    public final Optional<JsonNode> field(String name) {
        return node(name).map(JsonNode::deepCopy);
    }

    private Optional<JsonNode> node(String name) {
        return Optional.ofNullable(json.get(name)).filter(node -> !node.isNull());
    }

    /**
     * A text that must be there.
     *
     * @param name the field's name
     * @return the value, as far as the wire has it
     */
    protected final String text(String name) {
        return optionalText(name).orElseThrow(() -> wrong(name, "a string"));
    }

    /**
     * A text, or nothing where it is absent or null.
     *
     * @param name the field's name
     * @return the value, as far as the wire has it
     */
    protected final Optional<String> optionalText(String name) {
        return node(name).map(node -> {
            if (!node.isTextual()) {
                throw wrong(name, "a string");
            }
            return node.textValue();
        });
    }

    /**
     * A whole number, or nothing.
     *
     * @param name the field's name
     * @return the value, as far as the wire has it
     */
    protected final OptionalInt optionalInt(String name) {
        var node = node(name);
        if (node.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!node.get().canConvertToExactIntegral() || !node.get().canConvertToInt()) {
            throw wrong(name, "a whole number");
        }
        return OptionalInt.of(node.get().intValue());
    }

    /**
     * A number, or nothing.
     *
     * @param name the field's name
     * @return the value, as far as the wire has it
     */
    protected final OptionalDouble optionalDouble(String name) {
        var node = node(name);
        if (node.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (!node.get().isNumber()) {
            throw wrong(name, "a number");
        }
        return OptionalDouble.of(node.get().doubleValue());
    }

    /**
     * A truth value, or {@code otherwise}.
     *
     * @param name the field's name
     * @param otherwise what to say where the field is absent or null
     * @return the value, as far as the wire has it
     */
    protected final boolean bool(String name, boolean otherwise) {
        return optionalBool(name).orElse(otherwise);
    }

    /**
     * A truth value, or nothing.
     *
     * @param name the field's name
     * @return the value, as far as the wire has it
     */
    protected final Optional<Boolean> optionalBool(String name) {
        return node(name).map(node -> {
            if (!node.isBoolean()) {
                throw wrong(name, "true or false");
            }
            return node.booleanValue();
        });
    }

    /**
     * A moment in RFC 3339, or nothing.
     *
     * @param name the field's name
     * @return the value, as far as the wire has it
     */
    protected final Optional<Instant> optionalInstant(String name) {
        return optionalText(name).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw new ProtocolException(
                        "expected a time at " + name + " of " + getClass().getSimpleName(), e);
            }
        });
    }

    /**
     * An object, or nothing.
     *
     * @param name the field's name
     * @return the value, as far as the wire has it
     */
    protected final Optional<ObjectNode> optionalObject(String name) {
        return node(name).map(node -> {
            if (!(node instanceof ObjectNode object)) {
                throw wrong(name, "an object");
            }
            return object;
        });
    }

    /**
     * A list of objects, empty where it is absent.
     *
     * @param <T> what an element becomes
     * @param name the field's name
     * @param of reads one element
     * @return the value, as far as the wire has it
     */
    protected final <T> List<T> objects(String name, Function<ObjectNode, T> of) {
        return list(name, "a list of objects", node -> node instanceof ObjectNode object ? of.apply(object) : null);
    }

    /**
     * A list of texts, empty where it is absent.
     *
     * @param name the field's name
     * @return the value, as far as the wire has it
     */
    protected final List<String> texts(String name) {
        return list(name, "a list of strings", JsonNode::textValue);
    }

    private <T> List<T> list(String name, String expected, Function<JsonNode, @Nullable T> of) {
        var node = node(name);
        var values = new ArrayList<T>();
        if (node.isPresent()) {
            if (!node.get().isArray()) {
                throw wrong(name, expected);
            }
            for (var element : node.get()) {
                var value = of.apply(element);
                if (value == null) {
                    throw wrong(name, expected);
                }
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private ProtocolException wrong(String name, String expected) {
        return new ProtocolException("expected " + expected + " at " + name + " of "
                + getClass().getSimpleName() + ", found " + kind(json.get(name)));
    }

    private static String kind(@Nullable JsonNode node) {
        return node == null ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    @Override
    @SuppressWarnings("EqualsGetClass") // symmetric: every class below is final
    public final boolean equals(@Nullable Object other) {
        return other != null && other.getClass() == getClass() && ((JsonValue) other).json.equals(json);
    }

    @Override
    public final int hashCode() {
        return json.hashCode();
    }

    /** The name of the type and the JSON; it has in it what people wrote, so think before it goes to a log. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + json;
    }
}
