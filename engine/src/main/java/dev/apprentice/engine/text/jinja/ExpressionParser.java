package dev.apprentice.engine.text.jinja;

import dev.apprentice.engine.text.jinja.Expression.Named;
import dev.apprentice.engine.text.jinja.Expression.Passed;
import dev.apprentice.engine.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recursive descent in jinja2's order, loosest first: ternary, or, and, not, comparisons, {@code + -}, {@code ~},
 * {@code * / // %}, {@code **}, filters and tests, sign, postfix. So {@code 1 + x|length} filters x, and {@code -1|abs}
 * is 1.
 */
final class ExpressionParser {
    private static final Set<String> RESERVED = Set.of("and", "or", "not", "if", "else", "elif", "in", "is");
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream in;

    ExpressionParser(TokenStream in) {
        this.in = in;
    }

    Expression expression() {
        in.enter();
        var value = or();
        while (in.skipName("if")) {
            var test = or();
            var otherwise = in.skipName("else") ? expression() : null;
            value = new Expression.Ternary(test, value, otherwise);
        }
        in.leave();
        return value;
    }

    /** One expression or, with commas, a tuple; {@code ternary} says whether an {@code if} may follow. */
    Expression tuple(boolean ternary) {
        var first = ternary ? expression() : or();
        if (!in.current().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (in.skipOperator(",") && !endsTuple()) {
            items.add(ternary ? expression() : or());
        }
        return new Expression.Listing(List.copyOf(items), true);
    }

    private boolean endsTuple() {
        return switch (in.current().kind()) {
            case PRINT_END, BLOCK_END, END -> true;
            case OPERATOR -> in.current().isOperator(")");
            case NAME -> in.current().isName("in") || in.current().isName("recursive");
            default -> false;
        };
    }

    Expression or() {
        var left = and();
        while (in.skipName("or")) {
            left = new Expression.Logic(false, left, and());
        }
        return left;
    }

    private Expression and() {
        var left = not();
        while (in.skipName("and")) {
            left = new Expression.Logic(true, left, not());
        }
        return left;
    }

    private Expression not() {
        if (!in.skipName("not")) {
            return comparison();
        }
        in.enter();
        var operand = not();
        in.leave();
        return new Expression.Not(operand);
    }

    private Expression comparison() {
        var first = sum();
        List<Expression.Link> links = new ArrayList<>();
        while (true) {
            var token = in.current();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                in.next();
                links.add(new Expression.Link(token.text(), sum()));
            } else if (in.skipName("in")) {
                links.add(new Expression.Link("in", sum()));
            } else if (token.isName("not") && in.ahead().isName("in")) {
                in.next();
                in.next();
                links.add(new Expression.Link("not in", sum()));
            } else {
                return links.isEmpty() ? first : new Expression.Comparison(first, List.copyOf(links));
            }
        }
    }

    private Expression sum() {
        var left = joined();
        while (in.current().isOperator("+") || in.current().isOperator("-")) {
            left = new Expression.Arithmetic(in.next().text(), left, joined());
        }
        return left;
    }

    private Expression joined() {
        var first = product();
        if (!in.current().isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (in.skipOperator("~")) {
            parts.add(product());
        }
        return new Expression.Joined(List.copyOf(parts));
    }

    private Expression product() {
        var left = power();
        while (in.current().isOperator("*")
                || in.current().isOperator("/")
                || in.current().isOperator("//")
                || in.current().isOperator("%")) {
            left = new Expression.Arithmetic(in.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        var left = unary(true);
        while (in.skipOperator("**")) {
            left = new Expression.Arithmetic("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filters) {
        Expression value;
        if (in.current().isOperator("-") || in.current().isOperator("+")) {
            in.enter();
            value = new Expression.Signed(in.next().isOperator("-"), unary(false));
            in.leave();
        } else {
            value = primary();
        }
        value = postfix(value);
        return filters ? filters(value) : value;
    }

    private Expression primary() {
        var token = in.current();
        return switch (token.kind()) {
            case NAME -> name(in.next());
            case STRING -> {
                var text = new StringBuilder();
                while (in.current().kind() == Kind.STRING) {
                    text.append(in.next().text());
                }
                yield new Expression.Literal(new Value.Str(text.toString()));
            }
            case INTEGER -> {
                try {
                    yield new Expression.Literal(
                            new Value.Int(Long.parseLong(in.next().text())));
                } catch (NumberFormatException e) {
                    throw TemplateError.at(token.line(), "number is too large: " + token.text());
                }
            }
            case REAL ->
                new Expression.Literal(
                        new Value.Real(Double.parseDouble(in.next().text())));
            case OPERATOR -> bracketed(in.next());
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> throw in.fail("unexpected " + token);
        };
    }

    private static Expression name(Token token) {
        if (RESERVED.contains(token.text())) {
            throw TemplateError.at(token.line(), "unexpected " + token);
        }
        return switch (token.text()) {
            case "true", "True" -> new Expression.Literal(Value.Bool.TRUE);
            case "false", "False" -> new Expression.Literal(Value.Bool.FALSE);
            case "none", "None" -> new Expression.Literal(Value.None.NONE);
            default -> new Expression.Name(token.text());
        };
    }

    private Expression bracketed(Token open) {
        return switch (open.text()) {
            case "(" -> {
                if (in.skipOperator(")")) {
                    yield new Expression.Listing(List.of(), true);
                }
                var inside = tuple(true);
                in.expectOperator(")");
                yield inside;
            }
            case "[" -> listing();
            case "{" -> mapping();
            default -> throw TemplateError.at(open.line(), "unexpected " + open);
        };
    }

    private Expression listing() {
        List<Expression> items = new ArrayList<>();
        while (!in.skipOperator("]")) {
            if (!items.isEmpty()) {
                in.expectOperator(",");
                if (in.skipOperator("]")) {
                    break;
                }
            }
            items.add(expression());
        }
        return new Expression.Listing(List.copyOf(items), false);
    }

    private Expression mapping() {
        List<Expression.Pair> pairs = new ArrayList<>();
        while (!in.skipOperator("}")) {
            if (!pairs.isEmpty()) {
                in.expectOperator(",");
                if (in.skipOperator("}")) {
                    break;
                }
            }
            var key = expression();
            in.expectOperator(":");
            pairs.add(new Expression.Pair(key, expression()));
        }
        return new Expression.Mapping(List.copyOf(pairs));
    }

    Expression postfix(Expression start) {
        var value = start;
        while (true) {
            if (in.skipOperator(".")) {
                value = dotted(value);
            } else if (in.skipOperator("[")) {
                value = subscript(value);
            } else if (in.current().isOperator("(")) {
                value = new Expression.Call(value, passed());
            } else {
                return value;
            }
        }
    }

    private Expression dotted(Expression target) {
        var token = in.next();
        return switch (token.kind()) {
            case NAME -> new Expression.Attribute(target, token.text());
            case INTEGER -> {
                try {
                    var index = new Expression.Literal(new Value.Int(Long.parseLong(token.text())));
                    yield new Expression.Item(target, index);
                } catch (NumberFormatException e) {
                    throw TemplateError.at(token.line(), "number is too large: " + token.text());
                }
            }
            default -> throw TemplateError.at(token.line(), "expected a name or a number, got " + token);
        };
    }

    private Expression subscript(Expression target) {
        var start = sliceEnd() ? null : tupleInBrackets();
        if (!in.skipOperator(":")) {
            in.expectOperator("]");
            if (start == null) {
                throw in.fail("expected a subscript");
            }
            return new Expression.Item(target, start);
        }
        var stop = sliceEnd() ? null : expression();
        var step = in.skipOperator(":") && !sliceEnd() ? expression() : null;
        in.expectOperator("]");
        return new Expression.Slice(target, start, stop, step);
    }

    private boolean sliceEnd() {
        return in.current().isOperator(":") || in.current().isOperator("]");
    }

    private Expression tupleInBrackets() {
        var first = expression();
        if (!in.current().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (in.skipOperator(",")) {
            items.add(expression());
        }
        return new Expression.Listing(List.copyOf(items), true);
    }

    private Expression filters(Expression start) {
        var value = start;
        while (true) {
            if (in.skipOperator("|")) {
                value = filter(value);
            } else if (in.skipName("is")) {
                value = test(value);
            } else if (in.current().isOperator("(")) {
                value = new Expression.Call(value, passed());
            } else {
                return value;
            }
        }
    }

    /** One filter or a chain of them, without the first bar: what a filter block and a set block name. */
    Expression filterChain(Expression start) {
        var value = filter(start);
        while (in.skipOperator("|")) {
            value = filter(value);
        }
        return value;
    }

    private Expression filter(Expression target) {
        var name = dottedName();
        return new Expression.Filter(target, name, in.current().isOperator("(") ? passed() : Passed.NONE);
    }

    /** Names of filters and tests may hold dots, although no known one does. */
    private String dottedName() {
        var name = new StringBuilder(in.expect(Kind.NAME).text());
        while (in.skipOperator(".")) {
            name.append('.').append(in.expect(Kind.NAME).text());
        }
        return name.toString();
    }

    private Expression test(Expression target) {
        boolean negated = in.skipName("not");
        var name = dottedName();
        var passed = Passed.NONE;
        if (in.current().isOperator("(")) {
            passed = passed();
        } else if (startsArgument()) {
            if (in.current().isName("is")) {
                throw in.fail("tests cannot be chained with is");
            }
            passed = new Passed(List.of(postfix(primary())), List.of(), null, null);
        }
        var test = new Expression.Test(target, name, passed);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean startsArgument() {
        var token = in.current();
        return switch (token.kind()) {
            case STRING, INTEGER, REAL -> true;
            case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            default -> false;
        };
    }

    Passed passed() {
        in.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<Named> named = new ArrayList<>();
        @Nullable Expression spread = null;
        @Nullable Expression spreadNamed = null;
        boolean first = true;
        while (!in.skipOperator(")")) {
            if (!first) {
                in.expectOperator(",");
                if (in.skipOperator(")")) {
                    break;
                }
            }
            first = false;
            if (in.skipOperator("*")) {
                spread = expression();
            } else if (in.skipOperator("**")) {
                spreadNamed = expression();
            } else if (in.current().kind() == Kind.NAME && in.ahead().isOperator("=")) {
                var name = in.next().text();
                in.next();
                named.add(new Named(name, expression()));
            } else if (named.isEmpty() && spreadNamed == null) {
                positional.add(expression());
            } else {
                throw in.fail("a positional argument after a named one");
            }
        }
        return new Passed(List.copyOf(positional), List.copyOf(named), spread, spreadNamed);
    }
}
