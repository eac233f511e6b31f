package dev.apprentice.engine.text.jinja;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat template, parsed: renders as jinja2 does in transformers' set-up (immutable sandbox, {@code trim_blocks},
 * {@code lstrip_blocks}, loop controls, the {@code generation} tag, {@code tojson} without HTML escapes). Immutable and
 * safe for any thread. Whatever goes wrong, in the template or by its own {@code raise_exception}, is an
 * {@link InvalidRequestException} with the code {@value #REFUSED} and the template's own message.
 */
public final class JinjaTemplate {
    /** The code of every error. */
    public static final String REFUSED = "template_refused";

    private final List<Statement> statements;
    private final Clock clock;

    private JinjaTemplate(List<Statement> statements, Clock clock) {
        this.statements = statements;
        this.clock = clock;
    }

    /** Parses {@code source}; {@code clock} is what the template's {@code strftime_now} reads. */
    public static JinjaTemplate parse(String source, Clock clock) {
        try {
            return new JinjaTemplate(StatementParser.parse(source), clock);
        } catch (TemplateError e) {
            throw refused("the chat template cannot be parsed: " + e.reason(), e);
        }
    }

    /**
     * The text for {@code context}, whose values are strings, longs, doubles, booleans, nulls, lists and ordered maps
     * of these. A name with a null value is defined and none; an absent one is undefined.
     */
    public String render(Map<String, ? extends @Nullable Object> context) {
        var budget = new Budget();
        try {
            var scope = Scope.root();
            Globals.addTo(scope, budget, clock);
            var named = scope.inner();
            context.forEach((name, value) -> named.set(name, Values.adopt(value)));
            return new Renderer(new Evaluator(budget)).text(statements, named.inner());
        } catch (TemplateError e) {
            throw refused(e.reason(), e);
        }
    }

    private static InvalidRequestException refused(String message, TemplateError cause) {
        return new InvalidRequestException(REFUSED, message, Fault.at("messages"), cause);
    }
}
