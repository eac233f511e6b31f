package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Two schemas that must both hold, keyword by keyword, as one. */
final class SchemaPair {
    private static final Set<String> HIGHEST =
            Set.of("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum");
    private static final Set<String> LOWEST =
            Set.of("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum");

    private final ObjectNode first;
    private final ObjectNode second;
    private final String path;
    private final ObjectNode both = JsonNodeFactory.instance.objectNode();

    private SchemaPair(ObjectNode first, ObjectNode second, String path) {
        this.first = first;
        this.second = second;
        this.path = path;
    }

    /**
     * The schema of what {@code first} and {@code second} allow.
     *
     * @throws dev.apprentice.engine.InvalidRequestException naming the keyword that cannot be had twice
     */
    static ObjectNode both(ObjectNode first, ObjectNode second, String path) {
        var pair = new SchemaPair(first, second, path);
        pair.types();
        pair.values();
        pair.members();
        pair.items();
        pair.others();
        return pair.both;
    }

    private @Nullable JsonNode either(String keyword) {
        return first.has(keyword) ? first.get(keyword) : second.get(keyword);
    }

    private boolean inBoth(String keyword) {
        return first.has(keyword) && second.has(keyword);
    }

    private static JsonNode both(JsonNode one, JsonNode other) {
        if (one.equals(other)) {
            return one;
        }
        var schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("allOf").add(one).add(other);
        return schema;
    }

    private void types() {
        if (!inBoth("type")) {
            var only = either("type");
            if (only != null) {
                both.set("type", only);
            }
            return;
        }
        var types = both.putArray("type");
        var seconds = SchemaForm.types(second, path);
        for (var type : SchemaForm.types(first, path)) {
            if (seconds.contains(type) || (type.equals("integer") && seconds.contains("number"))) {
                types.add(type);
            } else if (type.equals("number") && seconds.contains("integer")) {
                types.add("integer");
            }
        }
        if (types.isEmpty()) {
            throw SchemaForm.unsupported(path + ".type", "leaves no type");
        }
    }

    private void values() {
        if (!named(first) && !named(second)) {
            return;
        }
        var values = new ArrayList<JsonNode>();
        var one = named(first) ? first : second;
        var other = named(first) ? second : first;
        SchemaMerge.values(one, path).forEach(values::add);
        if (named(other)) {
            values.retainAll(SchemaMerge.values(other, path));
        }
        both.putArray("enum").addAll(values);
        SchemaMerge.values(both, path); // refuses it where no value is left
    }

    private static boolean named(ObjectNode schema) {
        return schema.has("const") || schema.has("enum");
    }

    /** A property that one of the two knows is, in the other, one of its additional ones. */
    private void members() {
        if (first.has("properties") || second.has("properties")) {
            var names = new LinkedHashSet<String>();
            first.path("properties").fieldNames().forEachRemaining(names::add);
            second.path("properties").fieldNames().forEachRemaining(names::add);
            var properties = both.putObject("properties");
            for (var name : names) {
                var one = member(first, name);
                var other = member(second, name);
                if ((one.isBoolean() && !one.booleanValue()) || (other.isBoolean() && !other.booleanValue())) {
                    continue; // forbidden by one of them
                }
                properties.set(name, one.isBoolean() ? other : other.isBoolean() ? one : both(one, other));
            }
        }
        var required = new LinkedHashSet<String>();
        first.path("required").forEach(name -> required.add(name.asText()));
        second.path("required").forEach(name -> required.add(name.asText()));
        if (!required.isEmpty()) {
            required.forEach(both.putArray("required")::add);
        }
        if (first.has("additionalProperties") || second.has("additionalProperties")) {
            both.set("additionalProperties", rest("additionalProperties"));
        }
    }

    /** What both say about what has no name or place: false before all, true and nothing after all. */
    private JsonNode rest(String keyword) {
        var one = first.path(keyword);
        var other = second.path(keyword);
        for (var each : List.of(one, other)) {
            if (each.isBoolean() && !each.booleanValue()) {
                return each;
            }
        }
        return one.isObject() && other.isObject()
                ? both(one, other)
                : one.isObject() || other.isMissingNode() ? one : other;
    }

    private static JsonNode member(ObjectNode schema, String name) {
        var known = schema.path("properties").path(name);
        if (!known.isMissingNode()) {
            return known;
        }
        var more = schema.path("additionalProperties");
        return more.isMissingNode() ? JsonNodeFactory.instance.booleanNode(true) : more;
    }

    private void items() {
        if (first.has("prefixItems") || second.has("prefixItems")) {
            int count = Math.max(
                    first.path("prefixItems").size(), second.path("prefixItems").size());
            var items = both.putArray("prefixItems");
            for (int i = 0; i < count; i++) {
                items.add(both(item(first, i), item(second, i)));
            }
        }
        if (first.has("items") || second.has("items")) {
            both.set("items", rest("items"));
        }
    }

    private JsonNode item(ObjectNode schema, int at) {
        var placed = schema.path("prefixItems").path(at);
        var item = placed.isMissingNode() ? schema.path("items") : placed;
        if (item.isBoolean() && !item.booleanValue()) {
            throw SchemaForm.unsupported(path + ".items", "is not supported as false beside longer prefixItems");
        }
        return item.isMissingNode() || item.isBoolean() ? both.objectNode() : item;
    }

    private void others() {
        var done = Set.of(
                "type", "const", "enum", "properties", "required", "additionalProperties", "prefixItems", "items");
        var names = new LinkedHashSet<String>();
        for (var schema : List.of(first, second)) {
            schema.fieldNames().forEachRemaining(names::add);
        }
        names.removeAll(done);
        names.removeAll(SchemaMerge.NOTES);
        for (var name : names) {
            both.set(name, inBoth(name) ? other(name) : either(name));
        }
    }

    private JsonNode other(String name) {
        var one = first.get(name);
        var another = second.get(name);
        if (one.equals(another)) {
            return one;
        }
        if (one.isNumber() && another.isNumber() && (HIGHEST.contains(name) || LOWEST.contains(name))) {
            int order = one.decimalValue().compareTo(another.decimalValue());
            return (order > 0) == HIGHEST.contains(name) ? one : another;
        }
        if (name.equals("multipleOf") && one.canConvertToLong() && another.canConvertToLong()) {
            var common = one.bigIntegerValue().gcd(another.bigIntegerValue());
            if (common.signum() > 0) {
                return both.numberNode(new BigDecimal(one.bigIntegerValue()
                        .multiply(another.bigIntegerValue())
                        .divide(common)));
            }
        }
        throw SchemaForm.unsupported(path + "." + name, "is not supported beside another of its kind");
    }
}
