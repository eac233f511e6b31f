package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a form of a JSON schema, or refuses it naming the keyword and where it stands; nothing is passed over. */
final class SchemaForm {
    private static final int DEPTH_MAX = 100;
    private static final Set<String> NOTES = Set.of(
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
            "nullable",
            "type");
    private static final Map<String, Set<String>> KEYWORDS = Map.of(
            "object", Set.of("properties", "required", "additionalProperties"),
            "array", Set.of("items", "prefixItems", "minItems", "maxItems"),
            "string", Set.of("minLength", "maxLength", "pattern", "format"),
            "integer", Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
            "number", Set.of(),
            "boolean", Set.of(),
            "null", Set.of());
    private static final String DATE = "(?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8]))";
    private static final String TIME =
            "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]))";
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Map<String, String> FORMATS = Map.of(
            "date",
            DATE,
            "time",
            TIME,
            "date-time",
            DATE + "T" + TIME,
            "uuid",
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "email",
            "[A-Za-z0-9_+-]{1,32}(?:\\.[A-Za-z0-9_+-]{1,32}){0,2}@[a-z0-9]{1,32}(?:\\.[a-z0-9]{1,32}){1,3}",
            "ipv4",
            "(?:" + OCTET + "\\.){3}" + OCTET);

    private final JsonNode root;
    private final String rootPath;
    private final Map<String, Form.Later> references = new HashMap<>();

    private SchemaForm(JsonNode root, String rootPath) {
        this.root = root;
        this.rootPath = rootPath;
    }

    static Form of(String schema, String path) {
        try {
            var root = Json.strict().readTree(schema);
            return new SchemaForm(root, path).form(root, path, 0);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException("invalid_schema", path + " is no JSON", Fault.at(path), e);
        }
    }

    private static InvalidRequestException unsupported(String path, String why) {
        return new InvalidRequestException(
                "unsupported_schema", path + " " + why, Fault.of(path, "a supported JSON schema", why));
    }

    private Form form(JsonNode schema, String path, int depth) {
        if (depth > DEPTH_MAX) {
            throw unsupported(path, "is nested deeper than " + DEPTH_MAX);
        }
        if (schema.isBoolean() && schema.booleanValue()) {
            return JsonForms.ANY;
        }
        if (!(schema instanceof ObjectNode object)) {
            throw unsupported(path, "must be an object");
        }
        for (var whole : List.of("$ref", "const", "enum", "anyOf")) {
            if (object.has(whole)) {
                only(object, path, whole);
                return nullable(object, whole(object.get(whole), whole, path, depth));
            }
        }
        var types = types(object, path);
        for (var entry : object.properties()) {
            var keyword = entry.getKey();
            if (!NOTES.contains(keyword)
                    && types.stream()
                            .noneMatch(type ->
                                    KEYWORDS.getOrDefault(type, Set.of()).contains(keyword))) {
                throw unsupported(
                        path + "." + keyword, "is not supported" + (types.isEmpty() ? " without a type" : ""));
            }
        }
        if (types.isEmpty()) {
            return JsonForms.ANY;
        }
        var options = new ArrayList<Form>();
        for (var type : types) {
            options.add(new Form.Frame(typed(type, object, path, depth), false));
        }
        return nullable(object, Forms.either(options));
    }

    private static Form nullable(ObjectNode schema, Form form) {
        return schema.path("nullable").asBoolean(false) ? Forms.either(List.of(form, JsonForms.NULL)) : form;
    }

    /** Keywords beside one that says all would have to be checked against it; a type is, for values given by name. */
    private static void only(ObjectNode schema, String path, String keyword) {
        for (var entry : schema.properties()) {
            var beside = entry.getKey();
            boolean said = beside.equals("type") && fits(schema, keyword);
            if (!beside.equals(keyword) && !said && (beside.equals("type") || !NOTES.contains(beside))) {
                throw unsupported(path + "." + beside, "is not supported beside " + keyword);
            }
        }
    }

    private static boolean fits(ObjectNode schema, String keyword) {
        var values = new ArrayList<JsonNode>();
        switch (keyword) {
            case "const" -> values.add(schema.get(keyword));
            case "enum" -> schema.get(keyword).forEach(values::add);
            default -> {
                return false;
            }
        }
        var types = types(schema, "");
        return values.stream()
                .allMatch(value -> types.stream().anyMatch(type -> switch (type) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isTextual();
                    case "integer" -> value.isIntegralNumber();
                    case "number" -> value.isNumber();
                    case "boolean" -> value.isBoolean();
                    default -> value.isNull();
                }));
    }

    private static List<String> types(ObjectNode schema, String path) {
        var named = schema.path("type");
        var types = new ArrayList<String>();
        if (named.isTextual()) {
            types.add(named.textValue());
        } else if (named.isArray() && !named.isEmpty()) {
            named.forEach(type -> types.add(type.asText()));
        } else if (!named.isMissingNode()) {
            throw unsupported(path + ".type", "must be a name or a list of names");
        }
        for (var type : types) {
            if (!KEYWORDS.containsKey(type)) {
                throw unsupported(path + ".type", "names no type of JSON: " + type);
            }
        }
        return types;
    }

    private Form whole(JsonNode value, String keyword, String path, int depth) {
        var here = path + "." + keyword;
        return switch (keyword) {
            case "$ref" -> reference(value.asText(), here, depth);
            case "const" -> Forms.text(value.toString());
            default -> {
                if (!value.isArray() || value.isEmpty()) {
                    throw unsupported(here, "must be a list with something in it");
                }
                if (keyword.equals("enum")) {
                    yield Forms.texts(value.valueStream().map(JsonNode::toString).toList());
                }
                var options = new ArrayList<Form>();
                for (int i = 0; i < value.size(); i++) {
                    options.add(form(value.get(i), here + "[" + i + "]", depth + 1));
                }
                yield Forms.either(options);
            }
        };
    }

    private Form reference(String pointer, String path, int depth) {
        var known = references.get(pointer);
        if (known != null) {
            return known;
        }
        if (!pointer.equals("#") && !pointer.startsWith("#/")) {
            throw unsupported(path, "must point into this schema");
        }
        var target = root.at(pointer.substring(1));
        if (target.isMissingNode()) {
            throw unsupported(path, "points to nothing: " + pointer);
        }
        var later = new Form.Later();
        references.put(pointer, later);
        later.is(form(target, rootPath + pointer.substring(1).replace('/', '.'), depth + 1));
        return later;
    }

    private Form typed(String type, ObjectNode schema, String path, int depth) {
        return switch (type) {
            case "object" -> new ObjectForm(schema, path).form((child, at) -> form(child, at, depth + 1));
            case "array" -> array(schema, path, depth);
            case "string" -> {
                var inside = string(schema, path);
                yield inside == JsonForms.ANY_CHARACTERS ? JsonForms.STRING : JsonForms.quoted(inside);
            }
            case "integer" -> integer(schema, path);
            case "number" -> JsonForms.NUMBER;
            case "boolean" -> JsonForms.BOOLEAN;
            default -> JsonForms.NULL;
        };
    }

    static long whole(ObjectNode schema, String keyword, long otherwise, String path) {
        var found = schema.get(keyword);
        if (found == null) {
            return otherwise;
        }
        if (!found.isNumber()
                || found.doubleValue() != Math.rint(found.doubleValue())
                || Math.abs(found.doubleValue()) > 1e15) {
            throw unsupported(path + "." + keyword, "must be a whole number");
        }
        return found.longValue();
    }

    private static int count(ObjectNode schema, String keyword, int otherwise, String path) {
        long count = whole(schema, keyword, otherwise, path);
        if (schema.has(keyword) && (count < 0 || count > 100_000)) {
            throw unsupported(path + "." + keyword, "must be from 0 to 100000");
        }
        return (int) count;
    }

    private Form array(ObjectNode schema, String path, int depth) {
        if (schema.has("prefixItems")) {
            throw unsupported(path + ".prefixItems", "is not supported");
        }
        int min = count(schema, "minItems", 0, path);
        int max = count(schema, "maxItems", -1, path);
        if (max >= 0 && max < min) {
            throw unsupported(path + ".maxItems", "is below minItems");
        }
        var item = schema.has("items") ? form(schema.get("items"), path + ".items", depth + 1) : JsonForms.ANY;
        return JsonForms.array(item, min, max);
    }

    private static Form string(ObjectNode schema, String path) {
        var kinds = new HashSet<String>();
        for (var kind : List.of("pattern", "format", "minLength", "maxLength")) {
            if (schema.has(kind)) {
                kinds.add(kind.substring(3));
            }
        }
        if (schema.has("pattern") || schema.has("format")) {
            var keyword = schema.has("pattern") ? "pattern" : "format";
            var here = path + "." + keyword;
            if (kinds.size() > 1) {
                throw unsupported(here, "is not supported beside other keywords for strings");
            }
            var value = schema.get(keyword).asText();
            if (keyword.equals("format") && !FORMATS.containsKey(value)) {
                throw unsupported(here, "is not supported: " + value);
            }
            return keyword.equals("pattern")
                    ? RegexForm.inJson(value, here)
                    : RegexForm.whole(FORMATS.getOrDefault(value, ""), here);
        }
        int min = count(schema, "minLength", 0, path);
        int max = count(schema, "maxLength", -1, path);
        if (max >= 0 && max < min) {
            throw unsupported(path + ".maxLength", "is below minLength");
        }
        return min == 0 && max < 0 ? JsonForms.ANY_CHARACTERS : new Form.Times(JsonForms.CHARACTER, min, max);
    }

    private static Form integer(ObjectNode schema, String path) {
        if (KEYWORDS.getOrDefault("integer", Set.of()).stream().noneMatch(schema::has)) {
            return JsonForms.INTEGER;
        }
        long wide = 999_999_999_999_999_999L;
        long min =
                Math.max(whole(schema, "minimum", -wide, path), whole(schema, "exclusiveMinimum", -wide - 1, path) + 1);
        long max =
                Math.min(whole(schema, "maximum", wide, path), whole(schema, "exclusiveMaximum", wide + 1, path) - 1);
        if (max < min) {
            throw unsupported(path + ".maximum", "leaves no number");
        }
        return Forms.integers(min, max);
    }
}
