package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a form of a JSON schema, or refuses it naming the keyword and where it stands; nothing is passed over. */
final class SchemaForm {
    private static final int DEPTH_MAX = 100;
    private static final int SCHEMAS_MAX = 20_000;
    private static final int PATTERNS_LENGTH_MAX = 20_000;
    private static final Map<String, Set<String>> KEYWORDS = Map.of(
            "object", ObjectForm.KEYWORDS,
            "array", ArrayForm.KEYWORDS,
            "string", StringForm.KEYWORDS,
            "integer", NumberForm.KEYWORDS,
            "number", NumberForm.KEYWORDS,
            "boolean", Set.of(),
            "null", Set.of());

    private final String rootPath;
    private final SchemaMerge merge;
    private final Map<String, Form.Later> references = new HashMap<>();
    private int schemas;
    private int patterns;
    private boolean narrow;

    private SchemaForm(JsonNode root, String rootPath) {
        this.rootPath = rootPath;
        this.merge = new SchemaMerge(root);
    }

    static Form of(String schema, String path) {
        try {
            var root = Json.strict().readTree(schema);
            var maker = new SchemaForm(root, path);
            var form = maker.form(root, path, 0);
            return Form.Frame.json(form, maker.narrow);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException("invalid_schema", path + " is no JSON", Fault.at(path), e);
        }
    }

    static InvalidRequestException unsupported(String path, String why) {
        return new InvalidRequestException(
                "unsupported_schema", path + " " + why, Fault.of(path, "a supported JSON schema", why));
    }

    private Form form(JsonNode schema, String path, int depth) {
        if (depth > DEPTH_MAX) {
            throw unsupported(path, "is nested deeper than " + DEPTH_MAX);
        }
        if (++schemas > SCHEMAS_MAX) {
            throw unsupported(rootPath, "holds more than " + SCHEMAS_MAX + " schemas");
        }
        if (schema.isBoolean() && schema.booleanValue()) {
            return JsonForms.ANY;
        }
        if (!(schema instanceof ObjectNode object)) {
            throw unsupported(path, "must be an object");
        }
        var whole = SchemaMerge.whole(object);
        if (whole.isEmpty()) {
            return nullable(object, typed(object, path, depth));
        }
        var keyword = whole.get();
        boolean values = keyword.equals("const") || keyword.equals("enum");
        if (keyword.equals("allOf") || (!values && !SchemaMerge.alone(object, keyword))) {
            return merged(object, path, depth);
        }
        return nullable(object, whole(object, keyword, path, depth));
    }

    private static Form nullable(ObjectNode schema, Form form) {
        return schema.path("nullable").asBoolean(false) ? Forms.either(List.of(form, JsonForms.NULL)) : form;
    }

    /** A schema in which several say how all of it must be: they are made one first, and the same ones once. */
    private Form merged(ObjectNode object, String path, int depth) {
        var key = object.toString();
        var known = references.get(key);
        if (known == null) {
            known = new Form.Later();
            references.put(key, known);
            known.is(nullable(object, form(merge.merged(object, path), path, depth + 1)));
        }
        return known;
    }

    private Form whole(ObjectNode object, String keyword, String path, int depth) {
        var value = object.get(keyword);
        var here = path + "." + keyword;
        return switch (keyword) {
            case "$ref" -> reference(value.asText(), here, depth);
            case "const", "enum" -> Forms.texts(values(object, path));
            default -> {
                if (!value.isArray() || value.isEmpty()) {
                    throw unsupported(here, "must be a list with something in it");
                }
                if (keyword.equals("oneOf")) {
                    new OneOfRule(merge).check(value, here);
                }
                var options = new ArrayList<Form>();
                for (int i = 0; i < value.size(); i++) {
                    options.add(form(value.get(i), here + "[" + i + "]", depth + 1));
                }
                yield Forms.either(options);
            }
        };
    }

    /** The values named that are all that {@code schema} says besides, as JSON. */
    private List<String> values(ObjectNode schema, String path) {
        var besides = new Validity(merge, path);
        var values = SchemaMerge.values(schema, path).stream()
                .filter(value -> besides.holds(value, schema))
                .map(JsonNode::toString)
                .toList();
        if (values.isEmpty()) {
            throw unsupported(path + (schema.has("const") ? ".const" : ".enum"), "leaves no value beside the rest");
        }
        return values;
    }

    private Form reference(String pointer, String path, int depth) {
        var known = references.get(pointer);
        if (known != null) {
            return known;
        }
        var target = merge.target(pointer, path);
        var later = new Form.Later();
        references.put(pointer, later);
        later.is(form(target, rootPath + pointer.substring(1).replace('/', '.'), depth + 1));
        return later;
    }

    private Form typed(ObjectNode schema, String path, int depth) {
        var types = types(schema, path);
        for (var entry : schema.properties()) {
            var keyword = entry.getKey();
            if (!SchemaMerge.NOTES.contains(keyword)
                    && !keyword.equals("type")
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
        patterns += schema.path("pattern").asText("").length();
        if (patterns > PATTERNS_LENGTH_MAX) {
            throw unsupported(path + ".pattern", "makes the patterns longer than " + PATTERNS_LENGTH_MAX);
        }
        var options = new ArrayList<Form>();
        for (var type : types) {
            options.add(new Form.Frame(typed(type, schema, path, depth), false));
        }
        return Forms.either(options);
    }

    static List<String> types(ObjectNode schema, String path) {
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

    private Form typed(String type, ObjectNode schema, String path, int depth) {
        return switch (type) {
            case "object" -> {
                narrow |= schema.has("propertyNames");
                yield new ObjectForm(schema, path, (child, at) -> form(child, at, depth + 1)).form();
            }
            case "array" -> new ArrayForm(schema, path).form((child, at) -> form(child, at, depth + 1));
            case "string" -> {
                var inside = StringForm.of(schema, path);
                yield inside == JsonForms.ANY_CHARACTERS ? JsonForms.STRING : JsonForms.quoted(inside);
            }
            case "integer" -> NumberForm.integer(schema, path);
            case "number" -> NumberForm.number(schema, path);
            case "boolean" -> JsonForms.BOOLEAN;
            default -> JsonForms.NULL;
        };
    }

    /** A count that {@code keyword} gives. */
    static int count(ObjectNode schema, String keyword, int otherwise, String path) {
        var found = schema.get(keyword);
        if (found == null) {
            return otherwise;
        }
        double count = found.doubleValue();
        if (!found.isNumber() || count != Math.rint(count) || count < 0 || count > 100_000) {
            throw unsupported(path + "." + keyword, "must be a whole number from 0 to 100000");
        }
        return (int) count;
    }
}
