package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * An object's keys in the order of its schema. Other keys follow only where {@code additionalProperties} is a schema,
 * or where the schema names no key at all.
 */
final class ObjectForm {
    static final Set<String> KEYWORDS =
            Set.of("properties", "required", "additionalProperties", "propertyNames", "minProperties", "maxProperties");
    private static final int PLACES_MAX = 50_000;

    private final ObjectNode schema;
    private final String path;
    private final BiFunction<JsonNode, String, Form> child;
    private final int min;
    private final int max;

    ObjectForm(ObjectNode schema, String path, BiFunction<JsonNode, String, Form> child) {
        this.schema = schema;
        this.path = path;
        this.child = child;
        this.min = SchemaForm.count(schema, "minProperties", 0, path);
        this.max = SchemaForm.count(schema, "maxProperties", -1, path);
    }

    Form form() {
        var properties = schema.path("properties");
        if (schema.has("properties") && !properties.isObject()) {
            throw SchemaForm.unsupported(path + ".properties", "must be an object");
        }
        var required = required(properties);
        var others = others(properties);
        if (min > 1 && others != null && schema.has("propertyNames")) {
            throw SchemaForm.unsupported(
                    path + ".minProperties",
                    "is not supported above 1 beside propertyNames, which may leave fewer keys");
        }
        if (max >= 0 && (max < min || max < required.size())) {
            throw SchemaForm.unsupported(path + ".maxProperties", "is less than what must be there");
        }
        var members = new ArrayList<Member>();
        properties.properties().forEach(entry -> {
            var value = child.apply(entry.getValue(), path + ".properties." + entry.getKey());
            var key = Forms.text(schema.textNode(entry.getKey()).toString());
            members.add(new Member(Forms.then(key, JsonForms.COLON, value), required.contains(entry.getKey())));
        });
        var inside = inside(members, others)
                .orElseThrow(() -> SchemaForm.unsupported(path + ".minProperties", "is more than there are keys"));
        return Forms.then(Forms.text("{"), inside, Forms.text("}"));
    }

    private record Member(Form form, boolean needed) {}

    private Set<String> required(JsonNode properties) {
        var required = new HashSet<String>();
        for (var name : schema.path("required")) {
            if (!properties.has(name.asText())) {
                throw SchemaForm.unsupported(path + ".required", "names what properties does not: " + name.asText());
            }
            required.add(name.asText());
        }
        return required;
    }

    /** A member of another key than those named, where there may be such. */
    private @Nullable Form others(JsonNode properties) {
        var more = schema.path("additionalProperties");
        boolean closed = more.isBoolean() && !more.booleanValue();
        if (closed || (!properties.isEmpty() && !more.isObject())) {
            return null;
        }
        var value = more.isObject() ? child.apply(more, path + ".additionalProperties") : JsonForms.ANY;
        return Forms.then(key(properties), JsonForms.COLON, value);
    }

    private Form key(JsonNode properties) {
        var names = schema.path("propertyNames");
        if (!schema.has("propertyNames")) {
            return properties.isEmpty() ? JsonForms.STRING : new KeyForm(properties, path).form();
        }
        var here = path + ".propertyNames";
        if (!properties.isEmpty() || !(names instanceof ObjectNode rules)) {
            throw SchemaForm.unsupported(here, "is supported as an object and where properties names no key");
        }
        var plain = rules.deepCopy();
        plain.remove("type");
        plain.put("type", "string");
        if (rules.has("type") && !rules.path("type").asText().equals("string")) {
            throw SchemaForm.unsupported(here + ".type", "must be string");
        }
        return child.apply(plain, here);
    }

    /** From the last member to the first, for each number of members that may have been written before. */
    private Optional<Form> inside(List<Member> members, @Nullable Form others) {
        int most = Math.max(1, Math.max(min, max));
        if ((members.size() + 1L) * (most + 1L) > PLACES_MAX) {
            throw SchemaForm.unsupported(path + ".maxProperties", "is too large for so many keys");
        }
        var after = new ArrayList<@Nullable Form>();
        for (int written = 0; written <= most; written++) {
            after.add(rest(others, written));
        }
        for (int i = members.size() - 1; i >= 0; i--) {
            var member = members.get(i);
            var before = new ArrayList<@Nullable Form>();
            for (int written = 0; written <= most; written++) {
                var said = max >= 0 && written >= max ? null : after.get(Math.min(written + 1, most));
                var options = new ArrayList<Form>();
                if (said != null) {
                    options.add(
                            written == 0
                                    ? Forms.then(member.form, said)
                                    : Forms.then(JsonForms.COMMA, member.form, said));
                }
                var left = after.get(written);
                if (!member.needed && left != null) {
                    options.add(left);
                }
                before.add(options.isEmpty() ? null : Forms.either(options));
            }
            after = before;
        }
        return Optional.ofNullable(after.getFirst());
    }

    /** What may follow the last key that has a name. */
    private @Nullable Form rest(@Nullable Form others, int written) {
        int least = Math.max(0, min - written);
        if (others == null) {
            return least == 0 ? new Form.Empty() : null;
        }
        int left = max < 0 ? -1 : max - written;
        if (left == 0) {
            return least == 0 ? new Form.Empty() : null;
        }
        var next = Forms.then(JsonForms.COMMA, others);
        if (written > 0) {
            return new Form.Times(next, least, left);
        }
        var some = Forms.then(others, new Form.Times(next, Math.max(0, least - 1), left < 0 ? -1 : left - 1));
        return least == 0 ? Forms.maybe(some) : some;
    }
}
