package dev.apprentice.server.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Wire;
import java.util.Optional;
import java.util.Set;

/** Reads what form the answer must have: {@code text.format}. */
final class TextFormat {
    private static final Set<String> TYPES = Set.of("text", "json_object", "json_schema");

    private TextFormat() {}

    static Constraint in(Fields body) {
        var format = format(body);
        if (format.isEmpty()) {
            return new Constraint.None();
        }
        return switch (format.get().requiredChoice("type", TYPES)) {
            case "json_object" -> new Constraint.JsonObject();
            case "json_schema" -> schema(format.get());
            default -> new Constraint.None();
        };
    }

    /** The same as the response repeats it. */
    static ObjectNode json(Fields body) {
        var json = Wire.object();
        body.object("text").flatMap(text -> text.string("verbosity")).ifPresent(it -> json.put("verbosity", it));
        format(body)
                .ifPresentOrElse(
                        format -> json.set("format", Wire.value(format.toMap())),
                        () -> json.putObject("format").put("type", "text"));
        return json;
    }

    private static Optional<Fields> format(Fields body) {
        return body.object("text").flatMap(text -> text.object("format"));
    }

    private static Constraint schema(Fields format) {
        format.requiredString("name");
        if (format.object("schema").isEmpty()) {
            throw format.missing("schema", "an object that is a JSON schema");
        }
        return new Constraint.JsonSchema(format.value("schema").orElseThrow().toString());
    }
}
