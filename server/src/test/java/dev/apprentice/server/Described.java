package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The server's own description, and whether an answer is what it describes. */
final class Described {
    private static final Set<String> METHODS = Set.of("get", "post", "patch", "put", "delete");
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonNode document;

    Described(JsonNode document) {
        this.document = document;
    }

    /** One operation. */
    record Operation(String method, String path, String id, JsonNode spec) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** All of them, in the document's order. */
    List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        for (var path : document.get("paths").properties()) {
            for (var item : path.getValue().properties()) {
                if (METHODS.contains(item.getKey())) {
                    operations.add(new Operation(
                            item.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            item.getValue().get("operationId").asText(),
                            item.getValue()));
                }
            }
        }
        return operations;
    }

    /** Fails unless {@code status} with {@code body} is an answer of {@code operation} by the description. */
    void holds(Operation operation, int status, String contentType, JsonNode body) {
        var answer = resolved(answer(operation, status));
        var content = answer.path("content");
        if (content.isMissingNode()) {
            assertThat(contentType).as("%s: %s has no body", operation, status).isEmpty();
            return;
        }
        var type = contentType.split(";", 2)[0].strip();
        var media = content.path(type);
        assertThat(media.isMissingNode())
                .as("%s: %s is described with %s, found %s", operation, status, names(content), type)
                .isFalse();
        if (type.endsWith("json")) {
            assertThat(faults(media.get("schema"), body))
                    .as("%s: %s %s", operation, status, body)
                    .isEmpty();
        }
    }

    private static JsonNode answer(Operation operation, int status) {
        var answers = operation.spec().get("responses");
        var exact = answers.path(Integer.toString(status));
        var range = answers.path(status / 100 + "XX");
        assertThat(exact.isMissingNode() && range.isMissingNode())
                .as("%s: %s is not described", operation, status)
                .isFalse();
        return exact.isMissingNode() ? range : exact;
    }

    /** What {@code body} lacks of {@code schema}. */
    List<String> faults(JsonNode schema, JsonNode body) {
        var whole = (ObjectNode) schema.deepCopy();
        whole.set("components", document.get("components")); // where its references lead
        return SCHEMAS.getSchema(whole).validate(body).stream()
                .map(Object::toString)
                .toList();
    }

    private JsonNode resolved(JsonNode node) {
        var reference = node.path("$ref").asText("");
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    private static List<String> names(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
