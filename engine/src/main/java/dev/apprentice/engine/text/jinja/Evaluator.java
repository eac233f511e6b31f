package dev.apprentice.engine.text.jinja;

import dev.apprentice.engine.text.jinja.Expression.Passed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of expressions, within one rendering. */
final class Evaluator {
    /** The name under which a filter block's body text is known to its filters; no template can write it. */
    static final String BODY_TEXT = "<body>";

    private final Budget budget;
    private final Operators operators;
    private final Printer printer;
    private final Methods methods;

    Evaluator(Budget budget) {
        this.budget = budget;
        this.operators = new Operators(budget);
        this.printer = new Printer(budget);
        this.methods = new Methods(budget);
    }

    Budget budget() {
        return budget;
    }

    Operators operators() {
        return operators;
    }

    String text(Value value) {
        return printer.text(value);
    }

    /** The items of {@code value}, paid for where they have to be made first. */
    List<Value> items(Value value) {
        if (value instanceof Value.Str s) {
            budget.spend(8L * s.text().length());
        }
        return Values.items(value);
    }

    Value value(Expression expression, Scope scope) {
        budget.enter();
        try {
            return switch (expression) {
                case Expression.Literal e -> e.value();
                case Expression.Name e -> scope.get(e.name());
                case Expression.Listing e -> new Value.Sequence(values(e.items(), scope), e.tuple());
                case Expression.Mapping e -> dict(e, scope);
                case Expression.Attribute e -> attribute(value(e.target(), scope), e.name());
                case Expression.Item e -> item(value(e.target(), scope), value(e.key(), scope));
                case Expression.Slice e -> slice(e, scope);
                case Expression.Call e -> call(value(e.target(), scope), arguments(e.passed(), scope));
                case Expression.Filter e -> filter(e.name(), value(e.target(), scope), arguments(e.passed(), scope));
                case Expression.Test e ->
                    Value.Bool.of(test(e.name(), value(e.target(), scope), arguments(e.passed(), scope)));
                case Expression.Not e -> Value.Bool.of(!Values.truth(value(e.operand(), scope)));
                case Expression.Signed e -> operators.signed(e.minus(), value(e.operand(), scope));
                case Expression.Arithmetic e ->
                    operators.arithmetic(e.operator(), value(e.left(), scope), value(e.right(), scope));
                case Expression.Joined e -> joined(e, scope);
                case Expression.Comparison e -> Value.Bool.of(comparison(e, scope));
                case Expression.Logic e -> {
                    var left = value(e.left(), scope);
                    yield Values.truth(left) == e.and() ? value(e.right(), scope) : left;
                }
                case Expression.Ternary e -> ternary(e, scope);
                case Expression.BodyText _ -> scope.get(BODY_TEXT);
            };
        } finally {
            budget.leave();
        }
    }

    private Value ternary(Expression.Ternary e, Scope scope) {
        if (Values.truth(value(e.test(), scope))) {
            return value(e.then(), scope);
        }
        return e.otherwise() == null
                ? new Value.Undefined("the inline if-expression evaluated to false and no else section was defined")
                : value(e.otherwise(), scope);
    }

    private List<Value> values(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        for (var expression : expressions) {
            values.add(value(expression, scope));
        }
        return Collections.unmodifiableList(values);
    }

    private Value dict(Expression.Mapping mapping, Scope scope) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        for (var pair : mapping.pairs()) {
            entries.put(Values.key(value(pair.key(), scope)), value(pair.value(), scope));
        }
        return new Value.Dict(Collections.unmodifiableMap(entries));
    }

    private Value joined(Expression.Joined joined, Scope scope) {
        var text = new StringBuilder();
        for (var part : values(joined.parts(), scope)) {
            text.append(printer.text(part));
        }
        return budget.text(text.toString());
    }

    private boolean comparison(Expression.Comparison comparison, Scope scope) {
        var left = value(comparison.first(), scope);
        for (var link : comparison.links()) {
            var right = value(link.operand(), scope);
            if (!operators.compare(link.operator(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Arguments arguments(Passed passed, Scope scope) {
        if (passed.isEmpty()) {
            return Arguments.NONE;
        }
        List<Value> positional = new ArrayList<>(values(passed.positional(), scope));
        Map<String, Value> named = new LinkedHashMap<>();
        for (var argument : passed.named()) {
            named.put(argument.name(), value(argument.value(), scope));
        }
        if (passed.spread() != null) {
            positional.addAll(items(value(passed.spread(), scope)));
        }
        if (passed.spreadNamed() != null) {
            if (!(value(passed.spreadNamed(), scope) instanceof Value.Dict dict)) {
                throw new TemplateError("argument after ** must be a mapping");
            }
            for (var entry : dict.entries().entrySet()) {
                if (!(entry.getKey() instanceof Value.Str name)) {
                    throw new TemplateError("keywords must be strings");
                }
                named.put(name.text(), entry.getValue());
            }
        }
        return new Arguments(Collections.unmodifiableList(positional), Collections.unmodifiableMap(named));
    }

    /** A call block's call: {@code caller} is passed on as one more argument. */
    Value call(Expression.Call call, Value caller, Scope scope) {
        var arguments = arguments(call.passed(), scope);
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        named.put("caller", caller);
        return call(value(call.target(), scope), new Arguments(arguments.positional(), named));
    }

    Value call(Value target, Arguments arguments) {
        budget.step();
        return switch (target) {
            case Value.Function f -> f.call(arguments);
            case Value.Loop l -> l.state().call(arguments);
            case Value.Undefined u -> throw u.error();
            default -> throw new TemplateError("'" + Values.typeName(target) + "' object is not callable");
        };
    }

    Value filter(String name, Value value, Arguments arguments) {
        budget.step();
        budget.scan(value);
        var filter = Filters.find(name);
        if (filter == null) {
            throw new TemplateError("no filter named '" + name + "'");
        }
        return filter.apply(value, arguments, this);
    }

    boolean test(String name, Value value, Arguments arguments) {
        budget.step();
        budget.scan(value);
        var test = Tests.find(name);
        if (test == null) {
            throw new TemplateError("no test named '" + name + "'");
        }
        return test.holds(value, arguments, operators);
    }

    /** {@code target.name}: the method first, then the key. */
    Value attribute(Value target, String name) {
        if (target instanceof Value.Undefined u) {
            throw u.error();
        }
        if (name.startsWith("_")) {
            return missing(target, name);
        }
        @Nullable
        Value found = switch (target) {
            case Value.Namespace n -> n.fields().get(name);
            case Value.Loop l -> l.state().attribute(name);
            case Value.Dict d -> {
                var method = methods.find(d, name);
                yield method != null ? method : d.entries().get(new Value.Str(name));
            }
            default -> methods.find(target, name);
        };
        return found == null ? missing(target, name) : found;
    }

    private static Value missing(Value target, String name) {
        return new Value.Undefined("'" + Values.typeName(target) + " object' has no attribute '" + name + "'");
    }

    /** {@code target[key]}: the key first, then the method. */
    Value item(Value target, Value key) {
        budget.scan(target);
        @Nullable Value found = null;
        switch (target) {
            case Value.Undefined u -> throw u.error();
            case Value.Dict d -> found = hashable(key) ? d.entries().get(Values.key(key)) : null;
            case Value.Sequence s when Values.number(key) instanceof Value.Int i -> found = at(s.items(), i.number());
            case Value.Str s when Values.number(key) instanceof Value.Int i -> found = character(s.text(), i.number());
            default -> {}
        }
        if (found != null) {
            return found;
        }
        return key instanceof Value.Str name
                ? attribute(target, name.text())
                : new Value.Undefined("'" + Values.typeName(target) + " object' has no element " + printer.repr(key));
    }

    private static boolean hashable(Value key) {
        return switch (key) {
            case Value.Str _, Value.Int _, Value.Real _, Value.Bool _, Value.None _ -> true;
            default -> false;
        };
    }

    private static @Nullable Value at(List<Value> items, long index) {
        long from = index < 0 ? index + items.size() : index;
        return from >= 0 && from < items.size() ? items.get((int) from) : null;
    }

    private static @Nullable Value character(String text, long index) {
        int length = text.codePointCount(0, text.length());
        long from = index < 0 ? index + length : index;
        return from >= 0 && from < length
                ? new Value.Str(Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) from))))
                : null;
    }

    private Value slice(Expression.Slice e, Scope scope) {
        var target = value(e.target(), scope);
        var range = new SliceRange(bound(e.start(), scope), bound(e.stop(), scope), bound(e.step(), scope));
        return switch (target) {
            case Value.Sequence s -> {
                var items = range.of(s.items());
                budget.elements(items.size());
                yield new Value.Sequence(items, s.tuple());
            }
            case Value.Str s -> budget.text(range.of(s.text()));
            case Value.Undefined u -> throw u.error();
            // jinja2 folds constants with a lookup that gives undefined where Python itself would raise.
            default -> {
                if (isConstant(e.target())) {
                    yield new Value.Undefined("'" + Values.typeName(target) + " object' has no slice");
                }
                throw new TemplateError("'" + Values.typeName(target) + "' object is not subscriptable");
            }
        };
    }

    private @Nullable Long bound(@Nullable Expression expression, Scope scope) {
        if (expression == null) {
            return null;
        }
        var value = value(expression, scope);
        if (value == Value.None.NONE) {
            return null;
        }
        if (Values.number(value) instanceof Value.Int i) {
            return i.number();
        }
        throw new TemplateError("slice indices must be integers or None");
    }

    /** Whether no name is needed for the value, which is asked only of what cannot be sliced. */
    private static boolean isConstant(Expression expression) {
        return switch (expression) {
            case Expression.Literal _ -> true;
            case Expression.Signed e -> isConstant(e.operand());
            case Expression.Not e -> isConstant(e.operand());
            case Expression.Ternary e -> isConstant(e.test());
            case Expression.Filter e -> isConstant(e.target()) && e.passed().isEmpty();
            case Expression.Mapping e -> e.pairs().stream().allMatch(pair -> isConstant(pair.value()));
            case Expression.Arithmetic e -> isConstant(e.left()) && isConstant(e.right());
            case Expression.Logic e -> isConstant(e.left()) && isConstant(e.right());
            default -> false;
        };
    }
}
