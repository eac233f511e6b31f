package dev.apprentice.engine.text.jinja;

import dev.apprentice.engine.text.jinja.Statement.Flow;
import dev.apprentice.engine.text.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries statements out and writes their text, within one rendering. */
final class Renderer {
    private final Budget budget;
    private final Evaluator evaluator;

    Renderer(Evaluator evaluator) {
        this.budget = evaluator.budget();
        this.evaluator = evaluator;
    }

    /** The text of {@code body} alone; a break inside of it ends only itself. */
    String text(List<Statement> body, Scope scope) {
        var out = new StringBuilder();
        run(body, scope, out);
        return out.toString();
    }

    private Flow run(List<Statement> body, Scope scope, StringBuilder out) {
        budget.enter();
        try {
            for (var statement : body) {
                var flow = run(statement, scope, out);
                if (flow != Flow.NEXT) {
                    return flow;
                }
            }
            return Flow.NEXT;
        } finally {
            budget.leave();
        }
    }

    private Flow run(Statement statement, Scope scope, StringBuilder out) {
        switch (statement) {
            case Statement.Data s -> write(s.text(), out);
            case Statement.Print s -> write(evaluator.text(evaluator.value(s.value(), scope)), out);
            case Statement.If s -> {
                return branch(s, scope, out);
            }
            case Statement.For s -> {
                return loop(s, scope, out);
            }
            case Statement.Set s -> assign(s.target(), evaluator.value(s.value(), scope), scope);
            case Statement.SetBlock s -> assign(s.target(), filtered(s.filtered(), s.body(), scope), scope);
            case Statement.FilterBlock s -> write(evaluator.text(filtered(s.filtered(), s.body(), scope)), out);
            case Statement.Macro s -> scope.set(s.name(), macro(s.name(), s.signature(), s.body(), scope));
            case Statement.Call s -> {
                var caller = macro("caller", s.signature(), s.body(), scope);
                write(evaluator.text(evaluator.call(s.call(), caller, scope)), out);
            }
            case Statement.With s -> {
                var inner = scope.inner();
                for (var binding : s.bindings()) {
                    assign(binding.target(), evaluator.value(binding.value(), scope), inner);
                }
                return run(s.body(), inner, out);
            }
            case Statement.Generation s -> {
                return run(s.body(), scope.inner(), out);
            }
            case Statement.Leave s -> {
                return s.flow();
            }
        }
        return Flow.NEXT;
    }

    private void write(String text, StringBuilder out) {
        budget.spend(text.length());
        out.append(text);
    }

    private Flow branch(Statement.If statement, Scope scope, StringBuilder out) {
        for (var branch : statement.branches()) {
            if (Values.truth(evaluator.value(branch.test(), scope))) {
                return run(branch.body(), scope, out);
            }
        }
        return run(statement.otherwise(), scope, out);
    }

    private Value filtered(Expression filtered, List<Statement> body, Scope scope) {
        var inner = scope.inner();
        var text = text(body, inner);
        inner.set(Evaluator.BODY_TEXT, budget.text(text));
        return evaluator.value(filtered, inner);
    }

    private Flow loop(Statement.For statement, Scope scope, StringBuilder out) {
        return loop(statement, evaluator.value(statement.source(), scope), 0, scope, out);
    }

    private Flow loop(Statement.For statement, Value source, int depth, Scope scope, StringBuilder out) {
        var items = selected(statement, source, scope);
        Value.@Nullable Function recursion = !statement.recursive()
                ? null
                : arguments -> {
                    arguments.only("loop", "items");
                    var inner = new StringBuilder();
                    loop(statement, arguments.need(0, "items"), depth + 1, scope, inner);
                    return budget.text(inner.toString());
                };
        var state = new LoopState(items, depth, evaluator.operators(), recursion);
        for (int i = 0; i < items.size(); i++) {
            budget.step();
            state.moveTo(i);
            var inner = scope.inner();
            inner.set("loop", new Value.Loop(state));
            assign(statement.target(), items.get(i), inner);
            if (run(statement.body(), inner, out) == Flow.BREAK) {
                break;
            }
        }
        return items.isEmpty() ? run(statement.otherwise(), scope.inner(), out) : Flow.NEXT;
    }

    private List<Value> selected(Statement.For statement, Value source, Scope scope) {
        var all = evaluator.items(source);
        budget.spend(all.size());
        if (statement.test() == null) {
            return all;
        }
        List<Value> chosen = new ArrayList<>();
        for (var item : all) {
            budget.step();
            var inner = scope.inner();
            assign(statement.target(), item, inner);
            if (Values.truth(evaluator.value(statement.test(), inner))) {
                chosen.add(item);
            }
        }
        return chosen;
    }

    private void assign(Target target, Value value, Scope scope) {
        switch (target) {
            case Target.Variable t -> scope.set(t.name(), value);
            case Target.Field t -> {
                if (!(scope.find(t.namespace()) instanceof Value.Namespace namespace)) {
                    throw new TemplateError("cannot assign attribute on non-namespace object");
                }
                namespace.fields().put(t.name(), value);
            }
            case Target.Unpacked t -> {
                var values = evaluator.items(value);
                if (values.size() != t.targets().size()) {
                    throw new TemplateError(
                            "expected " + t.targets().size() + " values to unpack, got " + values.size());
                }
                for (int i = 0; i < values.size(); i++) {
                    assign(t.targets().get(i), values.get(i), scope);
                }
            }
        }
    }

    private Value.Function macro(String name, Statement.Signature signature, List<Statement> body, Scope scope) {
        var parameters = signature.parameters();
        return arguments -> {
            var inner = scope.inner();
            var given = new HashMap<>(arguments.named());
            var caller = given.remove("caller");
            inner.set("caller", caller == null ? new Value.Undefined("No caller defined") : caller);
            if (arguments.positional().size() > parameters.size()) {
                throw new TemplateError(
                        "macro '" + name + "' takes not more than " + parameters.size() + " argument(s)");
            }
            for (int i = 0; i < parameters.size(); i++) {
                var parameter = parameters.get(i);
                var passed = given.remove(parameter.name());
                if (i < arguments.positional().size()) {
                    if (passed != null) {
                        throw new TemplateError("macro '" + name + "' got two values for '" + parameter.name() + "'");
                    }
                    passed = arguments.positional().get(i);
                }
                if (passed == null) {
                    passed = parameter.otherwise() == null
                            ? new Value.Undefined("parameter '" + parameter.name() + "' was not provided")
                            : evaluator.value(parameter.otherwise(), inner);
                }
                inner.set(parameter.name(), passed);
            }
            if (!given.isEmpty()) {
                throw new TemplateError("macro '" + name + "' takes no argument '"
                        + given.keySet().iterator().next() + "'");
            }
            return budget.text(text(body, inner));
        };
    }
}
