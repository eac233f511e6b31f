package dev.apprentice.engine.text.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may stand after a bar: here the filters on single values, in {@link SequenceFilters} those on many. */
final class Filters {
    private static final Map<String, Filter> ALL = all();

    private Filters() {}

    interface Filter {
        Value apply(Value value, Arguments arguments, Evaluator evaluator);
    }

    /** A filter from text to text, without arguments. */
    private interface TextFilter {
        String apply(String text);
    }

    static @Nullable Filter find(String name) {
        return ALL.get(name);
    }

    private static Map<String, Filter> all() {
        Map<String, Filter> filters = new HashMap<>();
        text(filters, "upper", t -> t.toUpperCase(Locale.ROOT));
        text(filters, "lower", t -> t.toLowerCase(Locale.ROOT));
        text(filters, "title", Filters::titled);
        text(filters, "capitalize", StringMethods::capitalized);
        text(filters, "string", t -> t);
        text(filters, "safe", t -> t);
        text(filters, "escape", Filters::escaped);
        text(filters, "e", Filters::escaped);
        text(filters, "forceescape", Filters::escaped);
        filters.put("trim", Filters::trim);
        filters.put("tojson", (v, a, e) -> e.budget().text(Json.write(v, a, e.budget())));
        filters.put("length", Filters::length);
        filters.put("count", Filters::length);
        filters.put("default", Filters::otherwise);
        filters.put("d", Filters::otherwise);
        filters.put("replace", (v, a, e) -> {
            a.only("replace", "old", "new", "count");
            var old = e.text(a.need(0, "old"));
            return new StringMethods(e.budget())
                    .replaced(e.text(v), old, e.text(a.need(1, "new")), a.whole(2, "count", -1));
        });
        filters.put("format", (v, a, e) -> {
            if (!a.positional().isEmpty() && !a.named().isEmpty()) {
                throw new TemplateError("format: give either positional or named arguments");
            }
            return e.operators().arithmetic("%", new Value.Str(e.text(v)), formatted(a));
        });
        filters.put("int", Filters::whole);
        filters.put("float", Filters::real);
        filters.put("abs", Filters::absolute);
        filters.put("round", Filters::rounded);
        filters.put("indent", Filters::indented);
        filters.put("wordcount", (v, a, e) -> {
            a.only("wordcount");
            long words = 0;
            boolean inside = false;
            for (int c : e.text(v).codePoints().toArray()) {
                boolean word = Character.isLetterOrDigit(c) || c == '_';
                words += word && !inside ? 1 : 0;
                inside = word;
            }
            return new Value.Int(words);
        });
        filters.put("attr", (v, a, e) -> e.attribute(v, a.only("attr", "name").text(0, "name")));
        SequenceFilters.addTo(filters);
        return Map.copyOf(filters);
    }

    private static void text(Map<String, Filter> filters, String name, TextFilter filter) {
        filters.put(name, (value, arguments, evaluator) -> {
            arguments.only(name);
            return evaluator.budget().text(filter.apply(evaluator.text(value)));
        });
    }

    /** Upper case at the start and after white space, hyphens and opening brackets, lower case elsewhere. */
    private static String titled(String text) {
        var out = new StringBuilder(text.length());
        boolean start = true;
        for (int c : text.codePoints().toArray()) {
            out.append(
                    start
                            ? Character.toString(c).toUpperCase(Locale.ROOT)
                            : Character.toString(c).toLowerCase(Locale.ROOT));
            start = Blanks.isBlank(c) || "-({[<".indexOf(c) >= 0;
        }
        return out.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static Value formatted(Arguments arguments) {
        if (arguments.named().isEmpty()) {
            return new Value.Sequence(arguments.positional(), true);
        }
        Map<Value, Value> entries = new HashMap<>();
        arguments.named().forEach((name, value) -> entries.put(new Value.Str(name), value));
        return new Value.Dict(entries);
    }

    private static Value trim(Value value, Arguments arguments, Evaluator evaluator) {
        var strip = new StringMethods(evaluator.budget()).find(evaluator.text(value), "strip");
        return java.util.Objects.requireNonNull(strip).call(arguments);
    }

    private static Value length(Value value, Arguments arguments, Evaluator evaluator) {
        arguments.only("length");
        return new Value.Int(Values.length(value));
    }

    private static Value otherwise(Value value, Arguments arguments, Evaluator evaluator) {
        arguments.only("default", "default_value", "boolean");
        boolean replaces =
                value instanceof Value.Undefined || (arguments.flag(1, "boolean", false) && !Values.truth(value));
        return replaces ? arguments.get(0, "default_value", Value.Str.EMPTY) : value;
    }

    private static Value whole(Value value, Arguments arguments, Evaluator evaluator) {
        var otherwise = arguments.only("int", "default", "base").get(0, "default", new Value.Int(0));
        switch (value) {
            case Value.Undefined u -> throw u.error();
            case Value.Str s -> {
                var text = Blanks.strip(s.text()).replace("_", "");
                try {
                    return new Value.Int(Long.parseLong(text, Math.clamp(arguments.whole(1, "base", 10), 2, 36)));
                } catch (NumberFormatException e) {
                    var real = parsed(text);
                    return real == null || !Double.isFinite(real) ? otherwise : truncated(real);
                }
            }
            case Value.Real r -> {
                return truncated(r.number());
            }
            default -> {
                var number = Values.number(value);
                return number == null ? otherwise : number;
            }
        }
    }

    private static Value truncated(double number) {
        if (!(Math.abs(number) < 9e18)) {
            throw new TemplateError("a number is too large");
        }
        return new Value.Int((long) number);
    }

    private static @Nullable Double parsed(String text) {
        if (!text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "nan" -> Double.NaN;
                case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                default -> null;
            };
        }
        return Double.parseDouble(text);
    }

    private static Value real(Value value, Arguments arguments, Evaluator evaluator) {
        var otherwise = arguments.only("float", "default").get(0, "default", new Value.Real(0));
        if (value instanceof Value.Undefined u) {
            throw u.error();
        }
        if (value instanceof Value.Str s) {
            var real = parsed(Blanks.strip(s.text()).replace("_", ""));
            return real == null ? otherwise : new Value.Real(real);
        }
        var number = Values.number(value);
        return number == null ? otherwise : new Value.Real(Operators.real(number));
    }

    private static Value absolute(Value value, Arguments arguments, Evaluator evaluator) {
        arguments.only("abs");
        var number = evaluator.operators().signed(false, value);
        return evaluator.operators().order("<", number, new Value.Int(0)) < 0
                ? evaluator.operators().signed(true, number)
                : number;
    }

    private static Value rounded(Value value, Arguments arguments, Evaluator evaluator) {
        int places = Math.clamp(arguments.only("round", "precision", "method").whole(0, "precision", 0), -300, 300);
        var mode = switch (evaluator.text(arguments.get(1, "method", new Value.Str("common")))) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new TemplateError("method must be common, ceil or floor");
        };
        var number = evaluator.operators().signed(false, value);
        if (number instanceof Value.Int && mode == RoundingMode.HALF_EVEN && places >= 0) {
            return number;
        }
        double real = Operators.real(number);
        return Double.isFinite(real)
                ? new Value.Real(new BigDecimal(real).setScale(places, mode).doubleValue())
                : number;
    }

    private static Value indented(Value value, Arguments arguments, Evaluator evaluator) {
        arguments.only("indent", "width", "first", "blank");
        if (!(value instanceof Value.Str text)) {
            throw value instanceof Value.Undefined u
                    ? u.error()
                    : new TemplateError("indent: a string is required, not " + Values.typeName(value));
        }
        var width = arguments.get(0, "width", new Value.Int(4));
        String indent;
        if (width instanceof Value.Str s) {
            indent = s.text();
        } else {
            long blanks = Math.max(0, arguments.whole(0, "width", 4));
            evaluator.budget().spend(blanks);
            indent = " ".repeat((int) blanks);
        }
        boolean blank = arguments.flag(2, "blank", false);
        var out = new StringBuilder();
        boolean first = true;
        for (var line : Lines.split(text.text() + "\n", false)) {
            boolean indents = first ? arguments.flag(1, "first", false) : blank || !line.isEmpty();
            evaluator.budget().spend(line.length() + (indents ? indent.length() : 0));
            out.append(first ? "" : "\n").append(indents ? indent : "").append(line);
            first = false;
        }
        return new Value.Str(out.toString());
    }
}
