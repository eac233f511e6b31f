package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Whether a value that a schema names itself, in {@code const} or {@code enum}, is what the schema says besides. */
final class Validity {
    private static final int DEPTH_MAX = 50;

    private final SchemaMerge merge;
    private final String path;

    /** Within the schema of {@code merge}; faults name {@code path}. */
    Validity(SchemaMerge merge, String path) {
        this.merge = merge;
        this.path = path;
    }

    /**
     * Whether {@code value} has {@code schema}.
     *
     * @throws dev.apprentice.engine.InvalidRequestException naming a keyword that is not supported
     */
    boolean holds(JsonNode value, JsonNode schema) {
        return holds(value, schema, 0);
    }

    private boolean holds(JsonNode value, JsonNode schema, int depth) {
        if (depth > DEPTH_MAX) {
            throw SchemaForm.unsupported(path, "leads to itself, or through too many others");
        }
        if (schema.isBoolean()) {
            return schema.booleanValue();
        }
        if (!(schema instanceof ObjectNode object)) {
            throw SchemaForm.unsupported(path, "must be an object");
        }
        if (value.isNull() && object.path("nullable").asBoolean(false)) {
            return true;
        }
        for (var entry : object.properties()) {
            if (!holds(value, entry.getKey(), object, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(JsonNode value, String keyword, ObjectNode schema, int depth) {
        var said = schema.get(keyword);
        return switch (keyword) {
            case "type" -> SchemaForm.types(schema, path).stream().anyMatch(type -> SchemaMerge.isA(value, type));
            case "const" -> same(said, value);
            case "enum" -> said.valueStream().anyMatch(each -> same(each, value));
            case "$ref" -> holds(value, merge.target(said.asText(), path), depth);
            case "allOf" -> said.valueStream().allMatch(each -> holds(value, each, depth));
            case "anyOf" -> said.valueStream().anyMatch(each -> holds(value, each, depth));
            case "oneOf" ->
                said.valueStream().filter(each -> holds(value, each, depth)).count() == 1;
            default -> SchemaMerge.NOTES.contains(keyword) || ofItsKind(value, keyword, schema, depth);
        };
    }

    /** A keyword says nothing of values of another kind than its own. */
    private boolean ofItsKind(JsonNode value, String keyword, ObjectNode schema, int depth) {
        if (NumberForm.KEYWORDS.contains(keyword)) {
            return !value.isNumber() || number(value.decimalValue(), keyword, schema);
        }
        if (StringForm.KEYWORDS.contains(keyword)) {
            return !value.isTextual() || string(value.textValue(), keyword, schema);
        }
        if (ArrayForm.KEYWORDS.contains(keyword)) {
            return !value.isArray() || array(value, keyword, schema, depth);
        }
        if (ObjectForm.KEYWORDS.contains(keyword)) {
            return !value.isObject() || object(value, keyword, schema, depth);
        }
        throw SchemaForm.unsupported(path + "." + keyword, "is not supported");
    }

    private boolean number(BigDecimal value, String keyword, ObjectNode schema) {
        if (!schema.get(keyword).isNumber()) {
            throw SchemaForm.unsupported(path + "." + keyword, "must be a number");
        }
        var bound = schema.get(keyword).decimalValue();
        int order = value.compareTo(bound);
        return switch (keyword) {
            case "minimum" -> order >= 0;
            case "exclusiveMinimum" -> order > 0;
            case "maximum" -> order <= 0;
            case "exclusiveMaximum" -> order < 0;
            default -> {
                if (bound.signum() <= 0) {
                    throw SchemaForm.unsupported(path + ".multipleOf", "must be above 0");
                }
                yield value.remainder(bound).signum() == 0;
            }
        };
    }

    private boolean string(String value, String keyword, ObjectNode schema) {
        int length = value.codePointCount(0, value.length());
        return switch (keyword) {
            case "minLength" -> length >= SchemaForm.count(schema, keyword, 0, path);
            case "maxLength" -> length <= SchemaForm.count(schema, keyword, 0, path);
            default -> {
                var only = schema.objectNode();
                only.set(keyword, schema.get(keyword));
                yield has(
                        JsonForms.quoted(StringForm.of(only, path)),
                        schema.textNode(value).toString());
            }
        };
    }

    private static boolean has(Form form, String text) {
        var machine = new Machine(new Form.Finish());
        Machine.@Nullable State at = machine.start(form);
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            machine.rested();
            at = at == null ? null : at.step(b & 0xFF);
        }
        return at != null && at.mayEnd();
    }

    private boolean array(JsonNode value, String keyword, ObjectNode schema, int depth) {
        int placed = schema.path("prefixItems").size();
        return switch (keyword) {
            case "minItems" -> value.size() >= SchemaForm.count(schema, keyword, 0, path);
            case "maxItems" -> value.size() <= SchemaForm.count(schema, keyword, 0, path);
            case "items" -> value.valueStream().skip(placed).allMatch(each -> holds(each, schema.get("items"), depth));
            default -> {
                boolean all = true;
                for (int i = 0; all && i < Math.min(placed, value.size()); i++) {
                    all = holds(value.get(i), schema.get("prefixItems").get(i), depth);
                }
                yield all;
            }
        };
    }

    private boolean object(JsonNode value, String keyword, ObjectNode schema, int depth) {
        var named = schema.path("properties");
        return switch (keyword) {
            case "minProperties" -> value.size() >= SchemaForm.count(schema, keyword, 0, path);
            case "maxProperties" -> value.size() <= SchemaForm.count(schema, keyword, 0, path);
            case "required" -> schema.get(keyword).valueStream().allMatch(name -> value.has(name.asText()));
            case "properties" ->
                value.propertyStream()
                        .allMatch(each ->
                                !named.has(each.getKey()) || holds(each.getValue(), named.get(each.getKey()), depth));
            case "additionalProperties" ->
                value.propertyStream()
                        .allMatch(
                                each -> named.has(each.getKey()) || holds(each.getValue(), schema.get(keyword), depth));
            default ->
                value.propertyStream()
                        .allMatch(each -> holds(schema.textNode(each.getKey()), schema.get(keyword), depth));
        };
    }

    /** Whether two values are one by JSON schema: 1 is 1.0, and the order of keys is nothing. */
    static boolean same(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        if (one.isArray() && other.isArray() && one.size() == other.size()) {
            boolean all = true;
            for (int i = 0; all && i < one.size(); i++) {
                all = same(one.get(i), other.get(i));
            }
            return all;
        }
        if (one.isObject() && other.isObject() && one.size() == other.size()) {
            return one.propertyStream()
                    .allMatch(each -> other.has(each.getKey()) && same(each.getValue(), other.get(each.getKey())));
        }
        return one.equals(other);
    }
}
