package dev.apprentice.engine.text.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Methods of dicts and lists, bound to their object; those that would change it do not exist. */
final class Methods {
    private final Budget budget;
    private final StringMethods strings;

    Methods(Budget budget) {
        this.budget = budget;
        this.strings = new StringMethods(budget);
    }

    Value.@Nullable Function find(Value target, String name) {
        return switch (target) {
            case Value.Str s -> strings.find(s.text(), name);
            case Value.Dict d -> ofDict(d, name);
            case Value.Sequence s -> ofSequence(s, name);
            default -> null;
        };
    }

    private Value.@Nullable Function ofDict(Value.Dict dict, String name) {
        return switch (name) {
            case "items" ->
                arguments -> {
                    arguments.only(name);
                    return pairs(dict);
                };
            case "keys" ->
                arguments -> {
                    arguments.only(name);
                    budget.spend(dict.entries().size());
                    return Values.list(List.copyOf(dict.entries().keySet()));
                };
            case "values" ->
                arguments -> {
                    arguments.only(name);
                    budget.spend(dict.entries().size());
                    return Values.list(List.copyOf(dict.entries().values()));
                };
            case "get" ->
                arguments -> {
                    var found = dict.entries()
                            .get(Values.key(
                                    arguments.only(name, "key", "default").need(0, "key")));
                    return found == null ? arguments.get(1, "default", Value.None.NONE) : found;
                };
            case "copy" ->
                arguments -> {
                    arguments.only(name);
                    return dict;
                };
            default -> null;
        };
    }

    Value.Sequence pairs(Value.Dict dict) {
        budget.spend(dict.entries().size());
        List<Value> pairs = new ArrayList<>(dict.entries().size());
        dict.entries().forEach((key, value) -> pairs.add(Values.tuple(key, value)));
        return Values.list(pairs);
    }

    private Value.@Nullable Function ofSequence(Value.Sequence sequence, String name) {
        var operators = new Operators(budget);
        return switch (name) {
            case "index" ->
                arguments -> {
                    var wanted = arguments.only(name, "value").need(0, "value");
                    for (int i = 0; i < sequence.items().size(); i++) {
                        if (operators.equal(sequence.items().get(i), wanted)) {
                            return new Value.Int(i);
                        }
                    }
                    throw new TemplateError("value is not in list");
                };
            case "count" ->
                arguments -> {
                    var wanted = arguments.only(name, "value").need(0, "value");
                    return new Value.Int(sequence.items().stream()
                            .filter(item -> operators.equal(item, wanted))
                            .count());
                };
            case "copy" ->
                arguments -> {
                    arguments.only(name);
                    return sequence;
                };
            default -> null;
        };
    }
}
