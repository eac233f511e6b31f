package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * An object's keys in the order of its schema. Keys beyond those named are not written where there are any named,
 * unless the schema names none: then the object holds whatever {@code additionalProperties} allows.
 */
final class ObjectForm {
    private final ObjectNode schema;
    private final String path;

    ObjectForm(ObjectNode schema, String path) {
        this.schema = schema;
        this.path = path;
    }

    Form form(BiFunction<JsonNode, String, Form> child) {
        var properties = schema.path("properties");
        if (schema.has("properties") && !properties.isObject()) {
            throw bad(path + ".properties", "must be an object");
        }
        var required = required(properties);
        var more = schema.path("additionalProperties");
        if (properties.isEmpty()) {
            if (more.isBoolean() && !more.booleanValue()) {
                return Forms.text("{}");
            }
            return more.isObject() ? map(child.apply(more, path + ".additionalProperties")) : JsonForms.OBJECT;
        }
        if (more.isObject()) {
            throw bad(path + ".additionalProperties", "is not supported as a schema beside properties");
        }
        var members = new ArrayList<Form>();
        var needed = new ArrayList<Boolean>();
        properties.properties().forEach(entry -> {
            var value = child.apply(entry.getValue(), path + ".properties." + entry.getKey());
            var key = Forms.text(schema.textNode(entry.getKey()).toString());
            members.add(Forms.then(key, JsonForms.COLON, value));
            needed.add(required.contains(entry.getKey()));
        });
        return Forms.then(Forms.text("{"), members(members, needed), Forms.text("}"));
    }

    private Set<String> required(JsonNode properties) {
        var required = new HashSet<String>();
        for (var name : schema.path("required")) {
            if (!properties.has(name.asText())) {
                throw bad(path + ".required", "names what properties does not: " + name.asText());
            }
            required.add(name.asText());
        }
        return required;
    }

    private static Form map(Form value) {
        var member = Forms.then(JsonForms.STRING, JsonForms.COLON, value);
        var others = new Form.Times(Forms.then(JsonForms.COMMA, member), 0, -1);
        return Forms.then(Forms.text("{"), Forms.maybe(Forms.then(member, others)), Forms.text("}"));
    }

    /** From the last to the first: what may follow when nothing has been written yet, and when something has. */
    private static Form members(List<Form> members, List<Boolean> needed) {
        Form asFirst = new Form.Empty();
        Form asNext = new Form.Empty();
        for (int i = members.size() - 1; i >= 0; i--) {
            var first = Forms.then(members.get(i), asNext);
            var next = Forms.then(JsonForms.COMMA, members.get(i), asNext);
            asFirst = needed.get(i) ? first : Forms.either(List.of(first, asFirst));
            asNext = needed.get(i) ? next : Forms.either(List.of(next, asNext));
        }
        return asFirst;
    }

    private static InvalidRequestException bad(String field, String why) {
        return new InvalidRequestException(
                "unsupported_schema", field + " " + why, Fault.of(field, "a supported JSON schema", why));
    }
}
