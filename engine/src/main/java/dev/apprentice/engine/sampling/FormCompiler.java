package dev.apprentice.engine.sampling;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotBuiltException;
import java.util.List;

/** Makes the form that a constraint asks for. */
final class FormCompiler {
    private static final int DEPTH_MAX = 100;
    private static final int LENGTH_MAX = 200_000;

    private FormCompiler() {}

    static Form of(Constraint constraint) {
        return of(constraint, 0);
    }

    private static Form of(Constraint constraint, int depth) {
        if (depth > DEPTH_MAX) {
            throw bad("nested deeper than " + DEPTH_MAX);
        }
        return switch (constraint) {
            case Constraint.None _ -> throw new IllegalArgumentException("no constraint has no form");
            case Constraint.JsonObject _ -> JsonForms.OBJECT;
            case Constraint.JsonSchema(var schema) ->
                SchemaForm.of(bounded(schema), "response_format.json_schema.schema");
            case Constraint.Regex(var expression) -> RegexForm.whole(bounded(expression), "guided_regex");
            case Constraint.Literal(var text) -> Forms.text(bounded(text));
            case Constraint.OneOf(var options) -> oneOf(options, depth);
            case Constraint.Sequence(var parts) ->
                parts.isEmpty()
                        ? new Form.Empty()
                        : Forms.then(parts.stream().map(it -> of(it, depth + 1)).toArray(Form[]::new));
            case Constraint.Repeat repeat -> repeated(repeat, depth);
            case Constraint.Triggered _ ->
                throw new NotBuiltException(
                        "not_built", "a form that begins within free text is not built yet", Fault.at("tools"));
        };
    }

    private static Form oneOf(List<Constraint> options, int depth) {
        var literals = options.stream()
                .filter(Constraint.Literal.class::isInstance)
                .map(it -> bounded(((Constraint.Literal) it).text()))
                .toList();
        return literals.size() == options.size() && !literals.isEmpty()
                ? Forms.texts(literals)
                : Forms.either(options.stream().map(it -> of(it, depth + 1)).toList());
    }

    private static Form repeated(Constraint.Repeat repeat, int depth) {
        var part = of(repeat.part(), depth + 1);
        if (repeat.max() == 0) {
            return new Form.Empty();
        }
        var more = new Form.Times(
                Forms.then(Forms.text(repeat.separator()), part), Math.max(0, repeat.min() - 1), repeat.max() - 1);
        var some = Forms.then(part, more);
        return repeat.min() == 0 ? Forms.maybe(some) : some;
    }

    private static String bounded(String text) {
        if (text.length() > LENGTH_MAX) {
            throw bad("longer than " + LENGTH_MAX + " characters");
        }
        return text;
    }

    private static InvalidRequestException bad(String why) {
        return new InvalidRequestException(
                "unsupported_schema", "this form cannot be enforced: " + why, Fault.at("response_format"));
    }
}
