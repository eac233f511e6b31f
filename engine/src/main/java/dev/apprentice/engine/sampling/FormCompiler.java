package dev.apprentice.engine.sampling;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.List;

/** Makes the form that a constraint asks for. */
final class FormCompiler {
    private static final int DEPTH_MAX = 100;
    private static final int LENGTH_MAX = 200_000;

    private final Vocabulary vocabulary;

    private FormCompiler(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** The form of {@code constraint}, with the control tokens of {@code vocabulary} where it asks for such. */
    static Form of(Constraint constraint, Vocabulary vocabulary) {
        return new FormCompiler(vocabulary).of(constraint, 0);
    }

    private Form of(Constraint constraint, int depth) {
        if (depth > DEPTH_MAX) {
            throw bad("nested deeper than " + DEPTH_MAX);
        }
        return switch (constraint) {
            case Constraint.None _ -> throw new IllegalArgumentException("no constraint has no form");
            case Constraint.JsonObject _ -> Form.Frame.json(JsonForms.OBJECT, false);
            case Constraint.JsonSchema(var schema, var field) -> SchemaForm.of(bounded(schema), field);
            case Constraint.Regex(var expression) -> RegexForm.whole(bounded(expression), "guided_regex");
            case Constraint.Literal(var text) -> Forms.text(bounded(text));
            case Constraint.OneOf(var options) -> oneOf(options, depth);
            case Constraint.Sequence(var parts) ->
                parts.isEmpty()
                        ? new Form.Empty()
                        : Forms.then(parts.stream().map(it -> of(it, depth + 1)).toArray(Form[]::new));
            case Constraint.Repeat repeat -> repeated(repeat, depth);
            case Constraint.Written(var text) -> written(text);
            case Constraint.Triggered it -> triggered(it, depth);
        };
    }

    private Form oneOf(List<Constraint> options, int depth) {
        var literals = options.stream()
                .filter(Constraint.Literal.class::isInstance)
                .map(it -> bounded(((Constraint.Literal) it).text()))
                .toList();
        return literals.size() == options.size() && !literals.isEmpty()
                ? Forms.texts(literals)
                : Forms.either(options.stream().map(it -> of(it, depth + 1)).toList());
    }

    private Form repeated(Constraint.Repeat repeat, int depth) {
        var part = of(repeat.part(), depth + 1);
        if (repeat.max() == 0) {
            return new Form.Empty();
        }
        var more = new Form.Times(
                Forms.then(Forms.text(repeat.separator()), part), Math.max(0, repeat.min() - 1), repeat.max() - 1);
        var some = Forms.then(part, more);
        return repeat.min() == 0 ? Forms.maybe(some) : some;
    }

    private Form written(String text) {
        for (int at = 0; at < text.length(); at++) {
            for (int to = text.length(); to > at; to--) {
                var control = vocabulary.control(text.substring(at, to));
                if (control.isPresent()) {
                    return Forms.then(
                            Forms.text(text.substring(0, at)),
                            new Form.OneToken(control.getAsInt()),
                            written(text.substring(to)));
                }
            }
        }
        return Forms.text(text);
    }

    private Form triggered(Constraint.Triggered it, int depth) {
        var free = new FreeText(it.marker(), vocabulary);
        var text = free.until(of(it.after(), depth + 1), it.again());
        return it.opening().isEmpty() ? text : free.opened(it.opening(), of(it.opened(), depth + 1));
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
