package dev.apprentice.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Values that a schema may well allow, as answers write them: keys in the schema's order, numbers without an exponent.
 * Whether it does allow one, a validator has to say.
 */
final class RandomValue {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEPTH_MAX = 12;
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "ab",
            "abc",
            "12",
            "123",
            "x",
            "no",
            "é",
            "zz",
            "q r",
            "b",
            "bcd",
            "a\nb",
            "w@x",
            "\\/\"",
            "2024-02-28",
            "12:30:00Z",
            "2024-02-28T12:30:00Z",
            "P3D",
            "PT5M",
            "a@b.co",
            "host.example",
            "10.0.0.255",
            "00000000-0000-4000-8000-00000000000f",
            "1:2:3:4:5:6:7:8",
            "🙂🙂");
    private static final List<String> KEYS = List.of("a", "b", "c", "é", "a/b", "x_1", "x_", "other", "zz");

    private final Random random;
    private final JsonNode root;

    RandomValue(Random random, JsonNode root) {
        this.random = random;
        this.root = root;
    }

    JsonNode of(JsonNode schema) {
        return of(schema, 0);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private JsonNode of(JsonNode schema, int depth) {
        if (depth > DEPTH_MAX) {
            return JSON.nullNode();
        }
        if (schema.has("allOf")) {
            return together(schema, depth);
        }
        if (schema.has("$ref")) {
            return of(root.at(schema.get("$ref").asText().substring(1)), depth + 1);
        }
        for (var branches : List.of("anyOf", "oneOf")) {
            if (schema.has(branches)) {
                var options = new ArrayList<JsonNode>();
                schema.get(branches).forEach(options::add);
                var chosen = of(one(options), depth + 1);
                return schema.has("type") && chosen.isObject()
                        ? joined(of(without(schema, branches), depth), chosen)
                        : chosen;
            }
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.has("enum")) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        }
        var type = schema.path("type");
        return typed(
                type.isArray() ? type.get(random.nextInt(type.size())).asText() : type.asText("any"), schema, depth);
    }

    private static JsonNode without(JsonNode schema, String keyword) {
        var rest = (ObjectNode) schema.deepCopy();
        rest.remove(keyword);
        return rest;
    }

    /** The first value with what the others know besides, in the order of the first. */
    private static JsonNode joined(JsonNode first, JsonNode second) {
        if (!(first instanceof ObjectNode one) || !(second instanceof ObjectNode other)) {
            return second;
        }
        var all = JSON.objectNode();
        all.setAll(one);
        all.setAll(other);
        return all;
    }

    private JsonNode together(JsonNode schema, int depth) {
        var rest = without(schema, "allOf");
        JsonNode value =
                rest.has("type") || rest.has("$ref") || rest.has("anyOf") ? of(rest, depth + 1) : JSON.objectNode();
        var named = new LinkedHashSet<String>();
        boolean free = true;
        for (var part : schema.get("allOf")) {
            value = joined(value, of(part, depth + 1));
            part.path("properties").fieldNames().forEachRemaining(named::add);
            free &= part.path("additionalProperties").isObject();
        }
        if (!free && !named.isEmpty() && value instanceof ObjectNode object) {
            object.retain(named); // where keys are named, others are not written
        }
        return value;
    }

    private JsonNode typed(String type, JsonNode schema, int depth) {
        return switch (type) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "string" -> JSON.textNode(one(TEXTS));
            case "integer" -> JSON.numberNode(number(schema).setScale(0, RoundingMode.HALF_UP));
            case "number" -> JSON.numberNode(plain(number(schema)));
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            case "null" -> JSON.nullNode();
            default -> FormOracle.read(one(List.of("1", "\"a\"", "{\"k\":[true,null]}", "-2.5", "[]")));
        };
    }

    private static BigDecimal plain(BigDecimal number) {
        return number.scale() < 0 ? number.setScale(0, RoundingMode.UNNECESSARY) : number;
    }

    private BigDecimal number(JsonNode schema) {
        var around = new ArrayList<BigDecimal>(
                List.of(BigDecimal.ZERO, BigDecimal.valueOf(random.nextInt(-3000, 3000), random.nextInt(3))));
        for (var bound : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
            if (schema.has(bound)) {
                around.add(schema.get(bound).decimalValue());
                around.add(schema.get(bound).decimalValue().add(BigDecimal.valueOf(random.nextInt(-20, 20), 1)));
            }
        }
        var value = one(around);
        if (schema.has("multipleOf")) {
            var step = schema.get("multipleOf").decimalValue();
            value = value.divide(step, 0, RoundingMode.HALF_UP).multiply(step, MathContext.UNLIMITED);
        }
        return value;
    }

    private JsonNode object(JsonNode schema, int depth) {
        var required = new ArrayList<String>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        Map<String, JsonNode> members = new LinkedHashMap<>();
        schema.path("properties").properties().forEach(each -> {
            if (required.contains(each.getKey()) || random.nextBoolean()) {
                members.put(each.getKey(), of(each.getValue(), depth + 1));
            }
        });
        var more = schema.path("additionalProperties");
        boolean closed = more.isBoolean() && !more.booleanValue();
        if (!closed && (more.isObject() || schema.path("properties").isEmpty())) {
            for (int i = random.nextInt(4); i > 0; i--) {
                var key = one(KEYS);
                if (!schema.path("properties").has(key)) {
                    members.put(key, more.isObject() ? of(more, depth + 1) : JSON.numberNode(1));
                }
            }
        }
        return JSON.objectNode().setAll(members);
    }

    private JsonNode array(JsonNode schema, int depth) {
        var array = JSON.arrayNode();
        var first = schema.path("prefixItems");
        int count = schema.path("minItems").asInt(0) + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            array.add(of(i < first.size() ? first.get(i) : schema.path("items"), depth + 1));
        }
        return array;
    }
}
