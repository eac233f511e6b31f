package dev.apprentice.engine.text.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code tojson} as transformers defines it: {@code json.dumps(ensure_ascii=False)}, insertion order, no HTML escapes.
 */
final class Json {
    private final Budget budget;
    private final boolean ascii;
    private final @Nullable String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sorted;
    private final StringBuilder out = new StringBuilder();

    private Json(Budget budget, Arguments arguments) {
        this.budget = budget;
        this.ascii = arguments.flag(0, "ensure_ascii", false);
        this.indent = indent(arguments.get(1, "indent", Value.None.NONE), budget);
        var separators = arguments.get(2, "separators", Value.None.NONE);
        if (separators instanceof Value.Sequence pair
                && pair.items().size() == 2
                && pair.items().get(0) instanceof Value.Str item
                && pair.items().get(1) instanceof Value.Str key) {
            this.itemSeparator = item.text();
            this.keySeparator = key.text();
        } else if (separators == Value.None.NONE) {
            this.itemSeparator = indent == null ? ", " : ",";
            this.keySeparator = ": ";
        } else {
            throw new TemplateError("tojson: separators must be two strings");
        }
        this.sorted = arguments.flag(3, "sort_keys", false);
    }

    static String write(Value value, Arguments arguments, Budget budget) {
        var json = new Json(budget, arguments.only("tojson", "ensure_ascii", "indent", "separators", "sort_keys"));
        json.value(value, 0);
        return json.out.toString();
    }

    private static @Nullable String indent(Value indent, Budget budget) {
        return switch (indent) {
            case Value.None _ -> null;
            case Value.Str s -> s.text();
            case Value.Int i -> {
                budget.spend(Math.max(0, i.number()));
                yield " ".repeat((int) Math.max(0, i.number()));
            }
            default -> throw new TemplateError("tojson: indent must be a number or a string");
        };
    }

    private void value(Value value, int level) {
        budget.enter();
        int before = out.length();
        switch (value) {
            case Value.Str s -> string(s.text());
            case Value.Int i -> out.append(i.number());
            case Value.Real r -> out.append(real(r.number()));
            case Value.Bool b -> out.append(b.truth());
            case Value.None _ -> out.append("null");
            case Value.Sequence s -> sequence(s.items(), level);
            case Value.Dict d -> dict(d.entries(), level);
            case Value.Undefined _, Value.Namespace _, Value.Generator _, Value.Loop _, Value.Function _ ->
                throw new TemplateError("Object of type " + Values.typeName(value) + " is not JSON serializable");
        }
        budget.spend(out.length() - before);
        budget.leave();
    }

    private static String real(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        return Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Printer.real(number);
    }

    private void line(int level) {
        if (indent != null) {
            budget.spend((long) indent.length() * level);
            out.append('\n').append(indent.repeat(level));
        }
    }

    private void sequence(List<Value> items, int level) {
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        boolean first = true;
        for (var item : items) {
            out.append(first ? "" : itemSeparator);
            first = false;
            line(level + 1);
            value(item, level + 1);
        }
        line(level);
        out.append(']');
    }

    private void dict(Map<Value, Value> entries, int level) {
        if (entries.isEmpty()) {
            out.append("{}");
            return;
        }
        var order = new ArrayList<>(entries.entrySet());
        if (sorted) {
            var operators = new Operators(budget);
            order.sort(Comparator.comparing(Map.Entry::getKey, (a, b) -> operators.order("<", a, b)));
        }
        out.append('{');
        boolean first = true;
        for (var entry : order) {
            out.append(first ? "" : itemSeparator);
            first = false;
            line(level + 1);
            key(entry.getKey());
            out.append(keySeparator);
            value(entry.getValue(), level + 1);
        }
        line(level);
        out.append('}');
    }

    private void key(Value key) {
        switch (key) {
            case Value.Str s -> string(s.text());
            case Value.Int i -> out.append('"').append(i.number()).append('"');
            case Value.Real r -> out.append('"').append(real(r.number())).append('"');
            case Value.None _ -> out.append("\"null\"");
            default ->
                throw new TemplateError("keys must be str, int, float, bool or None, not " + Values.typeName(key));
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < ' ' || (ascii && c > '~')) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
