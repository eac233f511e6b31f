package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes one schema of several that must all hold: {@code allOf}, and what stands beside {@code $ref}, {@code anyOf},
 * {@code oneOf}. What cannot be made one exactly is refused.
 */
final class SchemaMerge {
    /** What says nothing about a value, or is looked at elsewhere. */
    static final Set<String> NOTES = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "example",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "$anchor",
            "discriminator",
            "nullable");

    private static final List<String> WHOLE = List.of("allOf", "$ref", "anyOf", "oneOf", "const", "enum");
    private static final int WORK_MAX = 50_000;
    private static final int DEPTH_MAX = 50;

    private final JsonNode root;
    private int work;
    private int depth;

    /** Merges within the schema {@code root}. */
    SchemaMerge(JsonNode root) {
        this.root = root;
    }

    /** The keyword in {@code schema} that says all, if there is one; {@code allOf} before others. */
    static Optional<String> whole(ObjectNode schema) {
        return WHOLE.stream().filter(schema::has).findFirst();
    }

    /** Whether nothing stands beside {@code keyword} that would have to hold besides. */
    static boolean alone(ObjectNode schema, String keyword) {
        return schema.propertyStream()
                .map(Map.Entry::getKey)
                .allMatch(other -> other.equals(keyword) || NOTES.contains(other));
    }

    /** What {@code pointer} points to. */
    JsonNode target(String pointer, String path) {
        if (!pointer.equals("#") && !pointer.startsWith("#/")) {
            throw SchemaForm.unsupported(path, "must point into this schema");
        }
        var target = root.at(URLDecoder.decode(pointer.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8));
        if (target.isMissingNode()) {
            throw SchemaForm.unsupported(path, "points to nothing: " + pointer);
        }
        return target;
    }

    /** The values that {@code const} or {@code enum} names and a type beside it allows. */
    static List<JsonNode> values(ObjectNode schema, String path) {
        var values = new ArrayList<JsonNode>();
        if (schema.has("const")) {
            values.add(schema.get("const"));
        } else if (schema.get("enum").isArray()) {
            schema.get("enum").forEach(values::add);
        }
        if (schema.has("type")) {
            var types = SchemaForm.types(schema, path);
            values.removeIf(value -> types.stream().noneMatch(type -> isA(value, type)));
        }
        if (values.isEmpty()) {
            throw SchemaForm.unsupported(
                    path + (schema.has("const") ? ".const" : ".enum"), "leaves no value; it must be a list of some");
        }
        return values;
    }

    static boolean isA(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" ->
                value.isIntegralNumber()
                        || (value.isNumber()
                                && value.decimalValue().stripTrailingZeros().scale() <= 0);
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> value.isNull();
        };
    }

    /** {@code schema} with all that must hold together in one place, at its top; {@code nullable} aside. */
    ObjectNode merged(ObjectNode schema, String path) {
        work(schema, path);
        var rest = copy(schema);
        rest.remove("nullable");
        var parts = new ArrayList<JsonNode>();
        if (rest.has("allOf")) {
            if (!rest.get("allOf").isArray()) {
                throw SchemaForm.unsupported(path + ".allOf", "must be a list");
            }
            rest.remove("allOf").forEach(parts::add);
        }
        var reference = rest.remove("$ref");
        if (reference != null) {
            parts.addFirst(target(reference.asText(), path + ".$ref"));
        }
        var whole = rest;
        if (parts.isEmpty()) {
            return both(whole, rest.objectNode(), path);
        }
        for (int i = 0; i < parts.size(); i++) {
            var here = path + (reference == null ? ".allOf[" + i + "]" : "");
            whole = both(whole, flat(parts.get(i), here), here);
        }
        return whole;
    }

    private void work(ObjectNode schema, String path) {
        work += 10 + schema.toString().length() / 20;
        if (work > WORK_MAX) {
            throw SchemaForm.unsupported(path, "takes too long to be made one schema of");
        }
    }

    private static ObjectNode copy(ObjectNode schema) {
        var copy = schema.objectNode();
        copy.setAll(schema);
        return copy;
    }

    private ObjectNode both(ObjectNode first, ObjectNode second, String path) {
        for (var branches : List.of("anyOf", "oneOf")) {
            for (var pair : List.of(List.of(first, second), List.of(second, first))) {
                var one = pair.getFirst();
                if (one.get(branches) instanceof ArrayNode options) {
                    var rest = copy(one);
                    rest.remove(branches);
                    return distributed(branches, options, List.of(rest, pair.getLast()));
                }
            }
        }
        return SchemaPair.both(first, second, path);
    }

    private static ObjectNode distributed(String keyword, ArrayNode options, List<ObjectNode> others) {
        var schema = options.objectNode();
        var each = schema.putArray(keyword);
        for (var option : options) {
            var all = each.addObject().putArray("allOf");
            all.add(option);
            others.stream().filter(other -> !other.isEmpty()).forEach(all::add);
        }
        return schema;
    }

    /** What {@code part} is without references and lists of what must hold at its top. */
    ObjectNode flat(JsonNode part, String path) {
        if (part.isBoolean() && part.booleanValue()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (!(part instanceof ObjectNode schema)) {
            throw SchemaForm.unsupported(path, "must be an object");
        }
        if (++depth > DEPTH_MAX) {
            throw SchemaForm.unsupported(path, "leads to itself, or through too many others");
        }
        var flat = schema;
        if (schema.has("allOf") || schema.has("$ref")) {
            flat = flat(merged(schema, path), path);
        }
        depth--;
        if (schema.path("nullable").asBoolean(false)) {
            var either = flat.objectNode();
            var bare = copy(flat);
            bare.remove("nullable");
            either.putArray("anyOf").add(bare).addObject().put("type", "null");
            return either;
        }
        return flat;
    }
}
