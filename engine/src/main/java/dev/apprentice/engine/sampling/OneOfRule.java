package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether exactly one branch of {@code oneOf} holds for whatever is written for one of them, so that it may be written
 * like {@code anyOf}. That is so where what is written for a branch never has the form of another: by its type, by
 * values, by a key that must be there and is not, or is another.
 */
final class OneOfRule {
    private static final int DEPTH_MAX = 8;
    private static final int BRANCHES_MAX = 100;
    private static final Set<String> ALL = Set.of("object", "array", "string", "number", "boolean", "null");

    private final SchemaMerge merge;
    private String path = "";

    OneOfRule(SchemaMerge merge) {
        this.merge = merge;
    }

    /** Refuses branches of which two might hold at once. */
    void check(JsonNode branches, String path) {
        this.path = path;
        if (branches.size() > BRANCHES_MAX) {
            throw SchemaForm.unsupported(path, "has more than " + BRANCHES_MAX + " branches");
        }
        for (int i = 0; i < branches.size(); i++) {
            for (int j = 0; j < branches.size(); j++) {
                if (i != j && !never(branches.get(i), branches.get(j), 0)) {
                    throw SchemaForm.unsupported(
                            path,
                            "may hold by its branches " + Math.min(i, j) + " and " + Math.max(i, j)
                                    + " at once; give them a required property with different const values, or say"
                                    + " anyOf");
                }
            }
        }
    }

    /** Whether nothing that is written for {@code written} holds for {@code other}. */
    private boolean never(JsonNode written, JsonNode other, int depth) {
        if (depth > DEPTH_MAX) {
            return false;
        }
        var one = merge.flat(written, path);
        var two = merge.flat(other, path);
        for (var branches : List.of("anyOf", "oneOf")) {
            if (one.get(branches) instanceof ArrayNode options) {
                return options.valueStream().allMatch(option -> never(option, two, depth + 1));
            }
            if (two.get(branches) instanceof ArrayNode options) {
                return options.valueStream().allMatch(option -> never(one, option, depth + 1));
            }
        }
        if (named(one)) {
            return SchemaMerge.values(one, path).stream().allMatch(value -> !mayBe(value, two));
        }
        return types(one).stream().noneMatch(type -> meets(type, one, two, depth));
    }

    private static boolean named(ObjectNode schema) {
        return schema.has("const") || schema.has("enum");
    }

    private boolean mayBe(JsonNode value, ObjectNode schema) {
        return new Validity(merge, path).holds(value, schema);
    }

    /** An integer counts as a number here. */
    private Set<String> types(ObjectNode schema) {
        if (!schema.has("type")) {
            return ALL;
        }
        return SchemaForm.types(schema, path).stream()
                .map(type -> type.equals("integer") ? "number" : type)
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean meets(String type, ObjectNode one, ObjectNode two, int depth) {
        if (named(two)) {
            return SchemaMerge.values(two, path).stream().anyMatch(value -> SchemaMerge.isA(value, type));
        }
        if (!types(two).contains(type)) {
            return false;
        }
        return switch (type) {
            case "object" -> !keysTellApart(one, two, depth);
            case "number" -> !rangesTellApart(one, two);
            case "array" -> !apart(one, two, "minItems", "maxItems") && !apart(two, one, "minItems", "maxItems");
            case "string" -> !apart(one, two, "minLength", "maxLength") && !apart(two, one, "minLength", "maxLength");
            default -> true;
        };
    }

    private boolean keysTellApart(ObjectNode one, ObjectNode two, int depth) {
        for (var name : two.path("required")) {
            var mine = one.path("properties").path(name.asText());
            var free = one.path("properties").isEmpty()
                    || one.path("additionalProperties").isObject();
            if (mine.isMissingNode() ? !free : never(mine, property(two, name), depth + 1)) {
                return true;
            }
        }
        for (var name : one.path("required")) {
            var theirs = two.path("properties").path(name.asText());
            var more = two.path("additionalProperties");
            boolean forbidden = theirs.isMissingNode() && more.isBoolean() && !more.booleanValue();
            if (forbidden || never(property(one, name), property(two, name), depth + 1)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode property(ObjectNode schema, JsonNode name) {
        var known = schema.path("properties").path(name.asText());
        return known.isMissingNode() ? JsonNodeFactory.instance.objectNode() : known;
    }

    private static boolean apart(ObjectNode low, ObjectNode high, String least, String most) {
        return high.has(least)
                && low.has(most)
                && high.get(least).asLong() > low.get(most).asLong();
    }

    private static boolean rangesTellApart(ObjectNode one, ObjectNode two) {
        return below(one, two) || below(two, one);
    }

    private static boolean below(ObjectNode low, ObjectNode high) {
        return less(low, "maximum", high, "minimum", 0)
                || less(low, "exclusiveMaximum", high, "minimum", 1)
                || less(low, "maximum", high, "exclusiveMinimum", 1)
                || less(low, "exclusiveMaximum", high, "exclusiveMinimum", 1);
    }

    private static boolean less(ObjectNode low, String most, ObjectNode high, String least, int touching) {
        if (!low.path(most).isNumber() || !high.path(least).isNumber()) {
            return false;
        }
        BigDecimal end = low.get(most).decimalValue();
        return end.compareTo(high.get(least).decimalValue()) < touching;
    }
}
