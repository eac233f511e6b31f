package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Set;
import java.util.function.BiFunction;

/** The arrays of a schema: the first items by their place, the others alike. */
final class ArrayForm {
    static final Set<String> KEYWORDS = Set.of("items", "prefixItems", "minItems", "maxItems");

    private final ObjectNode schema;
    private final String path;

    ArrayForm(ObjectNode schema, String path) {
        this.schema = schema;
        this.path = path;
    }

    Form form(BiFunction<JsonNode, String, Form> child) {
        int min = SchemaForm.count(schema, "minItems", 0, path);
        int max = SchemaForm.count(schema, "maxItems", -1, path);
        if (max >= 0 && max < min) {
            throw SchemaForm.unsupported(path + ".maxItems", "is below minItems");
        }
        var first = schema.path("prefixItems");
        if (schema.has("prefixItems") && (!first.isArray() || first.isEmpty())) {
            throw SchemaForm.unsupported(path + ".prefixItems", "must be a list with something in it");
        }
        boolean closed =
                schema.path("items").isBoolean() && !schema.path("items").booleanValue();
        if (closed) {
            if (min > first.size()) {
                throw SchemaForm.unsupported(path + ".minItems", "is more than the items that may be");
            }
            max = max < 0 ? first.size() : Math.min(max, first.size());
        }
        var others = closed || !schema.has("items") ? JsonForms.ANY : child.apply(schema.get("items"), path + ".items");
        if (first.isEmpty()) {
            return JsonForms.array(others, min, max);
        }
        var items = new ArrayList<Form>();
        for (int i = 0; i < first.size() && (max < 0 || i < max); i++) {
            items.add(child.apply(first.get(i), path + ".prefixItems[" + i + "]"));
        }
        int placed = items.size();
        Form rest = new Form.Times(
                Forms.then(JsonForms.COMMA, others), Math.max(0, min - placed), max < 0 ? -1 : max - placed);
        for (int i = placed - 1; i >= 0; i--) {
            var item = Forms.then(items.get(i), rest);
            rest = i == 0 ? item : Forms.then(JsonForms.COMMA, item);
            rest = i < min ? rest : Forms.maybe(rest);
        }
        return Forms.then(Forms.text("["), rest, Forms.text("]"));
    }
}
