package dev.apprentice.engine.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is carried out and may write text. */
sealed interface Statement {

    record Data(String text) implements Statement {}

    record Print(Expression value) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    record For(
            Target target,
            Expression source,
            @Nullable Expression test,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Set(Target target, Expression value) implements Statement {}

    /** {@code {% set x | filter %}…{% endset %}}: the body's text, filtered. */
    record SetBlock(Target target, Expression filtered, List<Statement> body) implements Statement {}

    record Macro(String name, Signature signature, List<Statement> body) implements Statement {}

    record Call(Expression.Call call, Signature signature, List<Statement> body) implements Statement {}

    record With(List<Set> bindings, List<Statement> body) implements Statement {}

    record FilterBlock(Expression filtered, List<Statement> body) implements Statement {}

    /** {@code {% generation %}}: marks what the model said, a scope of its own and otherwise nothing. */
    record Generation(List<Statement> body) implements Statement {}

    record Leave(Flow flow) implements Statement {}

    /** How a statement ended: normally, or by leaving the iteration or the loop around it. */
    enum Flow {
        NEXT,
        CONTINUE,
        BREAK
    }

    /** Parameters of a macro; a default is evaluated at the call. */
    record Signature(List<Parameter> parameters) {
        static final Signature NONE = new Signature(List.of());
    }

    record Parameter(String name, @Nullable Expression otherwise) {}

    /** What is assigned to. */
    sealed interface Target {

        record Variable(String name) implements Target {}

        record Field(String namespace, String name) implements Target {}

        record Unpacked(List<Target> targets) implements Target {}
    }
}
