package dev.apprentice.engine.text.jinja;

import dev.apprentice.engine.text.jinja.Statement.Target;
import dev.apprentice.engine.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tokens into statements. */
final class StatementParser {
    private final TokenStream in;
    private final ExpressionParser expressions;

    private StatementParser(TokenStream in) {
        this.in = in;
        this.expressions = new ExpressionParser(in);
    }

    static List<Statement> parse(String source) {
        return new StatementParser(new TokenStream(SourceScanner.scan(source))).body(Set.of());
    }

    /**
     * Statements up to a block tag with one of the {@code ends}, whose name becomes the current token; without ends, up
     * to the end of the template.
     */
    private List<Statement> body(Set<String> ends) {
        in.enter();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            var token = in.next();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Data(token.text()));
                case PRINT_BEGIN -> {
                    statements.add(new Statement.Print(expressions.tuple(true)));
                    in.expect(Kind.PRINT_END);
                }
                case BLOCK_BEGIN -> {
                    if (in.current().kind() == Kind.NAME
                            && ends.contains(in.current().text())) {
                        in.leave();
                        return List.copyOf(statements);
                    }
                    statements.add(block());
                }
                case END -> {
                    if (!ends.isEmpty()) {
                        throw in.fail("end of template, where one of "
                                + ends.stream().sorted().toList() + " is missing");
                    }
                    in.leave();
                    return List.copyOf(statements);
                }
                default -> throw in.fail("unexpected " + token);
            }
        }
    }

    private void close() {
        in.expect(Kind.BLOCK_END);
    }

    /** The body of a tag that ends with its own end tag, from the opening tag's close to the end tag's. */
    private List<Statement> bodyUntil(String end) {
        close();
        var body = body(Set.of(end));
        in.expectName(end);
        close();
        return body;
    }

    private Statement block() {
        var tag = in.expect(Kind.NAME);
        return switch (tag.text()) {
            case "if" -> branches();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> {
                var name = in.expect(Kind.NAME).text();
                yield new Statement.Macro(name, signature(), bodyUntil("endmacro"));
            }
            case "call" -> call();
            case "with" -> with();
            case "filter" -> {
                var filtered = expressions.filterChain(new Expression.BodyText());
                yield new Statement.FilterBlock(filtered, bodyUntil("endfilter"));
            }
            case "generation" -> new Statement.Generation(bodyUntil("endgeneration"));
            case "break" -> leave(Statement.Flow.BREAK);
            case "continue" -> leave(Statement.Flow.CONTINUE);
            default -> throw TemplateError.at(tag.line(), "unknown tag " + tag);
        };
    }

    private Statement leave(Statement.Flow flow) {
        close();
        return new Statement.Leave(flow);
    }

    private Statement branches() {
        List<Statement.Branch> branches = new ArrayList<>();
        var ends = Set.of("elif", "else", "endif");
        String tag;
        do {
            var test = expressions.tuple(false);
            close();
            branches.add(new Statement.Branch(test, body(ends)));
            tag = in.next().text();
        } while (tag.equals("elif"));
        List<Statement> otherwise = List.of();
        if (tag.equals("else")) {
            close();
            otherwise = body(Set.of("endif"));
            in.next();
        }
        close();
        return new Statement.If(List.copyOf(branches), otherwise);
    }

    private Statement loop() {
        var target = target(false);
        in.expectName("in");
        var source = expressions.tuple(false);
        var test = in.skipName("if") ? expressions.expression() : null;
        boolean recursive = in.skipName("recursive");
        close();
        var body = body(Set.of("else", "endfor"));
        List<Statement> otherwise = List.of();
        if (in.next().isName("else")) {
            close();
            otherwise = body(Set.of("endfor"));
            in.next();
        }
        close();
        return new Statement.For(target, source, test, recursive, body, otherwise);
    }

    private Statement assignment() {
        var target = target(true);
        if (in.skipOperator("=")) {
            var value = expressions.tuple(true);
            close();
            return new Statement.Set(target, value);
        }
        Expression filtered = new Expression.BodyText();
        if (in.skipOperator("|")) {
            filtered = expressions.filterChain(filtered);
        }
        return new Statement.SetBlock(target, filtered, bodyUntil("endset"));
    }

    private Target target(boolean fields) {
        var first = singleTarget(fields);
        if (!in.current().isOperator(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (in.skipOperator(",")
                && (in.current().kind() == Kind.NAME || in.current().isOperator("("))) {
            if (in.current().isName("in")) {
                break;
            }
            targets.add(singleTarget(fields));
        }
        return new Target.Unpacked(List.copyOf(targets));
    }

    private Target singleTarget(boolean fields) {
        if (in.skipOperator("(")) {
            in.enter();
            var inside = target(fields);
            in.leave();
            in.expectOperator(")");
            return inside;
        }
        var name = in.expect(Kind.NAME);
        if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
            throw TemplateError.at(name.line(), "cannot assign to " + name);
        }
        if (fields && in.skipOperator(".")) {
            return new Target.Field(name.text(), in.expect(Kind.NAME).text());
        }
        return new Target.Variable(name.text());
    }

    private Statement.Signature signature() {
        in.expectOperator("(");
        List<Statement.Parameter> parameters = new ArrayList<>();
        while (!in.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                in.expectOperator(",");
            }
            var name = in.expect(Kind.NAME).text();
            @Nullable Expression otherwise = in.skipOperator("=") ? expressions.expression() : null;
            parameters.add(new Statement.Parameter(name, otherwise));
        }
        return new Statement.Signature(List.copyOf(parameters));
    }

    private Statement call() {
        var signature = in.current().isOperator("(") ? signature() : Statement.Signature.NONE;
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw in.fail("expected a call");
        }
        return new Statement.Call(call, signature, bodyUntil("endcall"));
    }

    private Statement with() {
        List<Statement.Set> bindings = new ArrayList<>();
        while (in.current().kind() != Kind.BLOCK_END) {
            if (!bindings.isEmpty()) {
                in.expectOperator(",");
            }
            var target = singleTarget(false);
            in.expectOperator("=");
            bindings.add(new Statement.Set(target, expressions.expression()));
        }
        return new Statement.With(List.copyOf(bindings), bodyUntil("endwith"));
    }
}
