package dev.apprentice.engine.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has a value. */
sealed interface Expression {

    record Literal(Value value) implements Expression {}

    record Name(String name) implements Expression {}

    record Listing(List<Expression> items, boolean tuple) implements Expression {}

    record Mapping(List<Pair> pairs) implements Expression {}

    record Pair(Expression key, Expression value) {}

    record Attribute(Expression target, String name) implements Expression {}

    record Item(Expression target, Expression key) implements Expression {}

    record Slice(
            Expression target,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step) implements Expression {}

    record Call(Expression target, Passed passed) implements Expression {}

    record Filter(Expression target, String name, Passed passed) implements Expression {}

    record Test(Expression target, String name, Passed passed) implements Expression {}

    record Not(Expression operand) implements Expression {}

    record Signed(boolean minus, Expression operand) implements Expression {}

    record Arithmetic(String operator, Expression left, Expression right) implements Expression {}

    /** {@code a ~ b ~ c}: the texts of all, joined. */
    record Joined(List<Expression> parts) implements Expression {}

    /** {@code a < b <= c}: each operand is evaluated once, and none after the first false link. */
    record Comparison(Expression first, List<Link> links) implements Expression {}

    record Link(String operator, Expression operand) {}

    record Logic(boolean and, Expression left, Expression right) implements Expression {}

    record Ternary(
            Expression test, Expression then, @Nullable Expression otherwise) implements Expression {}

    /** What a filter block filters: the text of its body. */
    record BodyText() implements Expression {}

    /** The arguments of a call, a filter or a test as written. */
    record Passed(
            List<Expression> positional,
            List<Named> named,
            @Nullable Expression spread,
            @Nullable Expression spreadNamed) {
        static final Passed NONE = new Passed(List.of(), List.of(), null, null);

        boolean isEmpty() {
            return positional.isEmpty() && named.isEmpty() && spread == null && spreadNamed == null;
        }
    }

    record Named(String name, Expression value) {}
}
