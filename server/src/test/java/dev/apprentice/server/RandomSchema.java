package dev.apprentice.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** JSON schemas of the keywords that answers can be held to, small and at random. */
final class RandomSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEPTH_MAX = 3;
    private static final List<String> NAMES = List.of("a", "b", "ab", "n\"q", "é", "a/b", "");
    private static final List<String> PATTERNS = List.of(
            "^[a-c]+$",
            "^\\d{2,3}$",
            "[0-9]",
            "x$",
            "^(?:yes|no|é)$",
            "^[^a-y]{1,4}$",
            "^\\S+ \\S$",
            "^a|b$",
            "^(a|bc)*d?$",
            "^.{0,3}$",
            "^a?\\nb$",
            "^[\\w-]+@x$",
            "^\\\\/\"$");
    /** Not email: the validator knows by heart which top-level domains there are. */
    private static final List<String> FORMATS =
            List.of("date", "time", "date-time", "duration", "uuid", "hostname", "ipv4", "ipv6");

    private static final List<String> VALUES = List.of(
            "1",
            "1.0",
            "-0.5",
            "100",
            "\"a\"",
            "\"\\u00e9\\n\\\"\"",
            "null",
            "true",
            "false",
            "[1,\"a\"]",
            "{\"b\":1}",
            "{}");
    private static final List<String> STEPS = List.of("1", "2", "7", "0.5", "0.25", "0.01", "10", "1.5", "0.4");

    private final Random random;
    private final ObjectNode definitions = JSON.objectNode();

    private RandomSchema(Random random) {
        this.random = random;
    }

    /** One that {@code random} makes, always the same from the same. */
    static ObjectNode of(Random random) {
        var made = new RandomSchema(random);
        made.definitions.set("leaf", made.leaf());
        if (random.nextInt(3) == 0) {
            made.definitions.set("node", made.node());
        }
        var schema = made.schema(0);
        schema.set("$defs", made.definitions);
        return schema;
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private ObjectNode schema(int depth) {
        if (depth >= DEPTH_MAX) {
            return leaf();
        }
        int kind = random.nextInt(20);
        return switch (kind) {
            case 0, 1, 2, 3, 4, 5 -> object(depth);
            case 6, 7, 8 -> array(depth);
            case 9, 10 -> branches("anyOf", depth);
            case 11 -> branches("oneOf", depth);
            case 12, 13 -> both(depth);
            case 14 -> reference(depth);
            default -> leaf();
        };
    }

    private ObjectNode node() {
        var node = object(DEPTH_MAX);
        var next = JSON.objectNode();
        next.putArray("anyOf")
                .add(JSON.objectNode().put("$ref", "#/$defs/node"))
                .addObject()
                .put("type", "null");
        var properties = node.get("properties") instanceof ObjectNode named ? named : node.putObject("properties");
        node.remove("propertyNames");
        node.remove("maxProperties");
        properties.set("next", next);
        return node;
    }

    private ObjectNode reference(int depth) {
        var names = definitions.propertyStream().map(it -> it.getKey()).toList();
        var schema = JSON.objectNode().put("$ref", "#/$defs/" + one(names));
        if (chance(25) && depth > 0) {
            schema.setAll(numbers(JSON.objectNode(), chance(50)));
        }
        return schema;
    }

    private ObjectNode leaf() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> string();
            case 3, 4 -> numbers(JSON.objectNode().put("type", "integer"), true);
            case 5, 6, 7 -> numbers(JSON.objectNode().put("type", "number"), false);
            case 8 -> JSON.objectNode().put("type", chance(50) ? "boolean" : "null");
            case 9 -> JSON.objectNode().set("const", value());
            case 10 -> values();
            default -> several();
        };
    }

    private ObjectNode several() {
        if (chance(20)) {
            return JSON.objectNode();
        }
        var schema = JSON.objectNode();
        schema.putArray("type").add("string").add(chance(50) ? "null" : "integer");
        if (chance(50)) {
            schema.put("maxLength", random.nextInt(4));
        }
        if (schema.path("type").path(1).asText().equals("integer") && chance(50)) {
            numbers(schema, true);
        }
        return schema;
    }

    private ObjectNode values() {
        var schema = JSON.objectNode();
        var values = schema.putArray("enum");
        for (int i = random.nextInt(4); i >= 0; i--) {
            values.add(value());
        }
        if (chance(30)) {
            schema.put("type", one(List.of("string", "number", "integer", "object")));
        }
        return schema;
    }

    private JsonNode value() {
        return FormOracle.read(one(VALUES));
    }

    private ObjectNode string() {
        var schema = JSON.objectNode().put("type", "string");
        if (chance(35)) {
            schema.put("pattern", one(PATTERNS));
        } else if (chance(35)) {
            schema.put("format", one(FORMATS));
        }
        if (chance(35)) {
            int least = random.nextInt(4);
            schema.put("minLength", least);
            if (chance(70)) {
                schema.put("maxLength", least + random.nextInt(12));
            }
        } else if (chance(30)) {
            schema.put("maxLength", random.nextInt(10));
        }
        return schema;
    }

    private ObjectNode numbers(ObjectNode schema, boolean whole) {
        var least = bound(whole);
        if (chance(50)) {
            schema.put(chance(70) ? "minimum" : "exclusiveMinimum", least);
        }
        if (chance(50)) {
            schema.put(
                    chance(70) ? "maximum" : "exclusiveMaximum",
                    least.add(bound(whole).abs()));
        }
        if (chance(30)) {
            schema.put("multipleOf", new BigDecimal(one(STEPS)));
        }
        return schema;
    }

    private BigDecimal bound(boolean whole) {
        return BigDecimal.valueOf(random.nextInt(-2000, 2000), whole && chance(80) ? 0 : random.nextInt(4));
    }

    private ObjectNode object(int depth) {
        var schema = JSON.objectNode();
        schema.put("type", "object");
        int named = random.nextInt(5) - 1;
        if (named > 0) {
            var properties = schema.putObject("properties");
            for (int i = 0; i < named; i++) {
                properties.set(one(NAMES), schema(depth + 1));
            }
            var required = schema.putArray("required");
            properties.fieldNames().forEachRemaining(name -> {
                if (chance(50)) {
                    required.add(name);
                }
            });
        }
        int more = random.nextInt(10);
        if (more < 3) {
            schema.put("additionalProperties", false);
        } else if (more < 7) {
            schema.set("additionalProperties", schema(Math.max(depth + 1, DEPTH_MAX - 1)));
        }
        counts(schema, "Properties", 20);
        if (named <= 0 && chance(30)) {
            schema.set("propertyNames", names());
        }
        return schema;
    }

    private ObjectNode names() {
        return switch (random.nextInt(4)) {
            case 0 -> JSON.objectNode().put("pattern", "^[a-c]$");
            case 1 -> JSON.objectNode().put("maxLength", 1 + random.nextInt(3));
            case 2 ->
                JSON.objectNode().set("enum", JSON.arrayNode().add("a").add("é").add("a/b"));
            default -> JSON.objectNode().put("pattern", "^x_");
        };
    }

    private void counts(ObjectNode schema, String what, int percent) {
        int least = chance(percent) ? random.nextInt(4) : 0;
        if (least > 0) {
            schema.put("min" + what, least);
        }
        if (chance(percent)) {
            schema.put("max" + what, least + random.nextInt(3));
        }
    }

    private ObjectNode array(int depth) {
        var schema = JSON.objectNode().put("type", "array");
        if (chance(35)) {
            var first = schema.putArray("prefixItems");
            for (int i = random.nextInt(2); i >= 0; i--) {
                first.add(schema(depth + 1));
            }
        }
        if (chance(20)) {
            schema.put("items", chance(30));
        } else if (chance(80)) {
            schema.set("items", schema(depth + 1));
        }
        counts(schema, "Items", 35);
        return schema;
    }

    private ObjectNode branches(String keyword, int depth) {
        var schema = JSON.objectNode();
        ArrayNode branches = schema.putArray(keyword);
        for (int i = random.nextInt(2); i >= -1; i--) {
            branches.add(schema(depth + 1));
        }
        return schema;
    }

    /** Two that have a chance to hold together. */
    private ObjectNode both(int depth) {
        var schema = JSON.objectNode();
        switch (random.nextInt(5)) {
            case 0 -> schema.putArray("allOf").add(object(depth + 1)).add(object(depth + 1));
            case 1 ->
                schema.putArray("allOf")
                        .add(numbers(JSON.objectNode().put("type", "number"), true))
                        .add(numbers(JSON.objectNode(), true));
            case 2 -> {
                schema.setAll(object(depth + 1));
                schema.set("anyOf", branches("anyOf", depth + 1).get("anyOf"));
            }
            case 3 -> schema.putArray("allOf").add(array(depth + 1)).add(array(depth + 1));
            default -> schema.putArray("allOf").add(values()).add(leaf());
        }
        return schema;
    }
}
