package dev.apprentice.server.asking;

import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.Set;

/** Reads what form an answer must have: OpenAI's {@code response_format}, vLLM's guided fields. */
public final class FormFields {
    private static final int CHOICES_MAX = 1024;

    private FormFields() {}

    /** The form that {@code body} asks for; only one field may ask. */
    public static Constraint read(Fields body) {
        var forms = new ArrayList<Constraint>();
        body.object("response_format").map(FormFields::format).ifPresent(forms::add);
        body.string("guided_regex").map(Constraint.Regex::new).ifPresent(forms::add);
        if (body.has("guided_choice")) {
            forms.add(choice(body));
        }
        forms.removeIf(form -> form instanceof Constraint.None);
        if (forms.size() > 1) {
            var field = body.has("guided_choice") ? "guided_choice" : "guided_regex";
            throw body.wrongValue(
                    field, "absent beside another form", body.value(field).orElseThrow());
        }
        return forms.isEmpty() ? new Constraint.None() : forms.getFirst();
    }

    private static Constraint format(Fields format) {
        return switch (format.requiredChoice("type", Set.of("text", "json_object", "json_schema"))) {
            case "json_object" -> new Constraint.JsonObject();
            case "json_schema" ->
                schema(format.object("json_schema").orElseThrow(() -> format.missing("json_schema", "an object")));
            default -> new Constraint.None();
        };
    }

    /** The form that {@code named} holds under its name; with or without {@code strict} it is held to. */
    public static Constraint schema(Fields named) {
        var name = named.requiredString("name");
        if (!Tool.NAME.matcher(name).matches()) {
            throw named.wrongValue(
                    "name", Tool.NAME_EXPECTED, named.value("name").orElseThrow());
        }
        named.string("description");
        named.bool("strict");
        if (named.object("schema").isEmpty()) {
            throw named.missing("schema", "a JSON schema");
        }
        return new Constraint.JsonSchema(named.value("schema").orElseThrow().toString());
    }

    private static Constraint choice(Fields body) {
        var options = new ArrayList<Constraint>();
        for (var option : body.list("guided_choice").orElseThrow()) {
            if (!option.isTextual() || option.textValue().isEmpty()) {
                throw Fields.wrongType(body.name("guided_choice"), "a list of strings, none of them empty", option);
            }
            options.add(new Constraint.Literal(option.textValue()));
        }
        if (options.isEmpty() || options.size() > CHOICES_MAX) {
            throw body.wrongValue(
                    "guided_choice",
                    "a list of 1 to " + CHOICES_MAX + " strings",
                    body.value("guided_choice").orElseThrow());
        }
        return new Constraint.OneOf(options);
    }
}
