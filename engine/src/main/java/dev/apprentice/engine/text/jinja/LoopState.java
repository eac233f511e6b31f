package dev.apprentice.engine.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a for loop stands: what {@code loop} shows. */
final class LoopState {
    private final List<Value> items;
    private final int depth;
    private final Operators operators;
    private final Value.@Nullable Function recursion;
    private int index;
    private @Nullable List<Value> lastChecked;

    LoopState(List<Value> items, int depth, Operators operators, Value.@Nullable Function recursion) {
        this.items = items;
        this.depth = depth;
        this.operators = operators;
        this.recursion = recursion;
    }

    void moveTo(int newIndex) {
        index = newIndex;
    }

    int length() {
        return items.size();
    }

    List<Value> rest() {
        return items.subList(Math.min(index + 1, items.size()), items.size());
    }

    Value attribute(String name) {
        return switch (name) {
            case "index" -> new Value.Int(index + 1L);
            case "index0" -> new Value.Int(index);
            case "revindex" -> new Value.Int(items.size() - index);
            case "revindex0" -> new Value.Int(items.size() - index - 1L);
            case "first" -> Value.Bool.of(index == 0);
            case "last" -> Value.Bool.of(index == items.size() - 1);
            case "length" -> new Value.Int(items.size());
            case "depth" -> new Value.Int(depth + 1L);
            case "depth0" -> new Value.Int(depth);
            case "previtem" -> index > 0 ? items.get(index - 1) : new Value.Undefined("there is no previous item");
            case "nextitem" ->
                index + 1 < items.size() ? items.get(index + 1) : new Value.Undefined("there is no next item");
            case "cycle" -> (Value.Function) this::cycle;
            case "changed" -> (Value.Function) this::changed;
            default -> new Value.Undefined("'loop' has no attribute '" + name + "'");
        };
    }

    private Value cycle(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw new TemplateError("no items for cycling given");
        }
        return arguments.positional().get(index % arguments.positional().size());
    }

    private Value changed(Arguments arguments) {
        var now = arguments.positional();
        var before = lastChecked;
        lastChecked = now;
        return Value.Bool.of(before == null || !operators.equal(Values.list(before), Values.list(now)));
    }

    /** {@code loop(items)} in a recursive for: the loop's text over other items. */
    Value call(Arguments arguments) {
        if (recursion == null) {
            throw new TemplateError("the loop must have the 'recursive' modifier to be called");
        }
        return recursion.call(new Arguments(arguments.positional(), Map.of()));
    }
}
