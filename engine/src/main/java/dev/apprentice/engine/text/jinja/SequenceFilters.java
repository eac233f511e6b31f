package dev.apprentice.engine.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters on sequences. Those that are generators in jinja2 give generators: true, without length, to be read once. */
final class SequenceFilters {
    private SequenceFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("list", (v, a, e) -> {
            a.only("list");
            return Values.list(paid(v, e));
        });
        filters.put("first", (v, a, e) -> {
            a.only("first");
            var items = paid(v, e);
            return items.isEmpty() ? new Value.Undefined("No first item, sequence was empty.") : items.getFirst();
        });
        filters.put("last", (v, a, e) -> {
            a.only("last");
            var items = paid(v, e);
            return items.isEmpty() ? new Value.Undefined("No last item, sequence was empty.") : items.getLast();
        });
        filters.put("join", SequenceFilters::joined);
        filters.put("map", SequenceFilters::mapped);
        filters.put("select", (v, a, e) -> chosen(v, a, e, true, false));
        filters.put("reject", (v, a, e) -> chosen(v, a, e, false, false));
        filters.put("selectattr", (v, a, e) -> chosen(v, a, e, true, true));
        filters.put("rejectattr", (v, a, e) -> chosen(v, a, e, false, true));
        filters.put("reverse", SequenceFilters::reversed);
        filters.put("sort", SequenceFilters::sorted);
        filters.put("unique", SequenceFilters::unique);
        filters.put("sum", SequenceFilters::sum);
        filters.put("min", (v, a, e) -> extreme("min", v, a, e));
        filters.put("max", (v, a, e) -> extreme("max", v, a, e));
        filters.put("items", SequenceFilters::pairs);
        filters.put("dictsort", SequenceFilters::sortedPairs);
    }

    private static List<Value> paid(Value value, Evaluator evaluator) {
        var items = evaluator.items(value);
        evaluator.budget().spend(items.size());
        return items;
    }

    /** The value at a dotted path of names and numbers, as the {@code attribute} argument writes it. */
    private static Value at(Value item, Value path, Evaluator evaluator) {
        if (path instanceof Value.Int) {
            return evaluator.item(item, path);
        }
        var value = item;
        for (var part : evaluator.text(path).split("\\.", -1)) {
            boolean number =
                    !part.isEmpty() && part.length() < 9 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            value = evaluator.item(value, number ? new Value.Int(Integer.parseInt(part)) : new Value.Str(part));
        }
        return value;
    }

    private static Value attributed(Value item, @Nullable Value path, Evaluator evaluator) {
        return path == null || path == Value.None.NONE ? item : at(item, path, evaluator);
    }

    private static Value joined(Value value, Arguments arguments, Evaluator evaluator) {
        arguments.only("join", "d", "attribute");
        var separator = evaluator.text(arguments.get(0, "d", Value.Str.EMPTY));
        var out = new StringBuilder();
        boolean first = true;
        for (var item : paid(value, evaluator)) {
            var text = evaluator.text(attributed(item, arguments.find(1, "attribute"), evaluator));
            evaluator.budget().spend(separator.length() + (long) text.length());
            out.append(first ? "" : separator).append(text);
            first = false;
        }
        return new Value.Str(out.toString());
    }

    private static Value mapped(Value value, Arguments arguments, Evaluator evaluator) {
        List<Value> results = new ArrayList<>();
        if (Values.truth(value)) {
            var attribute = arguments.named().get("attribute");
            var otherwise = arguments.named().get("default");
            var name = attribute == null ? arguments.text(0, "name of a filter") : "";
            for (var item : paid(value, evaluator)) {
                if (attribute == null) {
                    results.add(evaluator.filter(name, item, arguments.after(1)));
                } else {
                    evaluator.budget().step();
                    var found = at(item, attribute, evaluator);
                    results.add(found instanceof Value.Undefined && otherwise != null ? otherwise : found);
                }
            }
        }
        return Values.generator(results);
    }

    private static Value chosen(
            Value value, Arguments arguments, Evaluator evaluator, boolean wanted, boolean byAttribute) {
        List<Value> results = new ArrayList<>();
        if (Values.truth(value)) {
            int first = byAttribute ? 1 : 0;
            var test = arguments.positional().size() > first ? arguments.text(first, "name of a test") : null;
            for (var item : paid(value, evaluator)) {
                evaluator.budget().step();
                var tested = byAttribute ? at(item, arguments.need(0, "attribute"), evaluator) : item;
                boolean holds =
                        test == null ? Values.truth(tested) : evaluator.test(test, tested, arguments.after(first + 1));
                if (holds == wanted) {
                    results.add(item);
                }
            }
        }
        return Values.generator(results);
    }

    private static Value reversed(Value value, Arguments arguments, Evaluator evaluator) {
        arguments.only("reverse");
        if (value instanceof Value.Str s) {
            return evaluator.budget().text(new SliceRange(null, null, -1L).of(s.text()));
        }
        return Values.generator(new ArrayList<>(paid(value, evaluator)).reversed());
    }

    private static Value folded(Value value, boolean caseSensitive) {
        return !caseSensitive && value instanceof Value.Str s
                ? new Value.Str(s.text().toLowerCase(Locale.ROOT))
                : value;
    }

    private static Comparator<Value> order(Arguments arguments, int sensitive, int attribute, Evaluator evaluator) {
        boolean caseSensitive = arguments.flag(sensitive, "case_sensitive", false);
        return Comparator.comparing(
                item -> folded(attributed(item, arguments.find(attribute, "attribute"), evaluator), caseSensitive),
                (a, b) -> evaluator.operators().order("<", a, b));
    }

    private static Value sorted(Value value, Arguments arguments, Evaluator evaluator) {
        arguments.only("sort", "reverse", "case_sensitive", "attribute");
        List<Value> items = new ArrayList<>(paid(value, evaluator));
        var order = order(arguments, 1, 2, evaluator);
        items.sort(arguments.flag(0, "reverse", false) ? order.reversed() : order);
        return Values.list(items);
    }

    private static Value unique(Value value, Arguments arguments, Evaluator evaluator) {
        boolean caseSensitive =
                arguments.only("unique", "case_sensitive", "attribute").flag(0, "case_sensitive", false);
        List<Value> seen = new ArrayList<>();
        List<Value> results = new ArrayList<>();
        for (var item : paid(value, evaluator)) {
            var key = folded(attributed(item, arguments.find(1, "attribute"), evaluator), caseSensitive);
            if (seen.stream().noneMatch(other -> evaluator.operators().equal(other, key))) {
                seen.add(key);
                results.add(item);
            }
        }
        return Values.generator(results);
    }

    private static Value sum(Value value, Arguments arguments, Evaluator evaluator) {
        var total = arguments.only("sum", "attribute", "start").get(1, "start", new Value.Int(0));
        for (var item : paid(value, evaluator)) {
            total = evaluator
                    .operators()
                    .arithmetic("+", total, attributed(item, arguments.find(0, "attribute"), evaluator));
        }
        return total;
    }

    private static Value extreme(String name, Value value, Arguments arguments, Evaluator evaluator) {
        arguments.only(name, "case_sensitive", "attribute");
        var items = paid(value, evaluator);
        if (items.isEmpty()) {
            return new Value.Undefined("No aggregated item, sequence was empty.");
        }
        var order = order(arguments, 0, 1, evaluator);
        // Of equals both keep the first, as Python does.
        return name.equals("min") ? Collections.min(items, order) : Collections.max(items.reversed(), order);
    }

    private static Value pairs(Value value, Arguments arguments, Evaluator evaluator) {
        arguments.only("items");
        return switch (value) {
            case Value.Undefined _ -> Values.generator(List.of());
            case Value.Dict d ->
                Values.generator(new Methods(evaluator.budget()).pairs(d).items());
            default -> throw new TemplateError("Can only get item pairs from a mapping.");
        };
    }

    private static Value sortedPairs(Value value, Arguments arguments, Evaluator evaluator) {
        arguments.only("dictsort", "case_sensitive", "by", "reverse");
        if (value instanceof Value.Undefined u) {
            throw u.error();
        }
        if (!(value instanceof Value.Dict dict)) {
            throw new TemplateError("'" + Values.typeName(value) + " object' has no attribute 'items'");
        }
        int position = switch (evaluator.text(arguments.get(1, "by", new Value.Str("key")))) {
            case "key" -> 0;
            case "value" -> 1;
            default -> throw new TemplateError("You can only sort by either \"key\" or \"value\"");
        };
        boolean caseSensitive = arguments.flag(0, "case_sensitive", false);
        List<Value> pairs =
                new ArrayList<>(new Methods(evaluator.budget()).pairs(dict).items());
        Comparator<Value> order = Comparator.comparing(
                pair -> folded(Values.items(pair).get(position), caseSensitive),
                (a, b) -> evaluator.operators().order("<", a, b));
        pairs.sort(arguments.flag(2, "reverse", false) ? order.reversed() : order);
        return Values.list(pairs);
    }
}
