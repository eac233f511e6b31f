package dev.apprentice.engine.text.jinja;

import java.math.BigDecimal;
import java.util.Locale;

/** {@code str()} and {@code repr()} of a value, as Python writes them. */
final class Printer {
    private final Budget budget;

    Printer(Budget budget) {
        this.budget = budget;
    }

    String text(Value value) {
        return switch (value) {
            case Value.Str s -> s.text();
            case Value.Undefined _ -> "";
            default -> repr(value);
        };
    }

    String repr(Value value) {
        var out = new StringBuilder();
        repr(value, out);
        return out.toString();
    }

    private void repr(Value value, StringBuilder out) {
        budget.enter();
        int before = out.length();
        switch (value) {
            case Value.Str s -> quote(s.text(), out);
            case Value.Int i -> out.append(i.number());
            case Value.Real r -> out.append(real(r.number()));
            case Value.Bool b -> out.append(b.truth() ? "True" : "False");
            case Value.None _ -> out.append("None");
            case Value.Undefined _ -> out.append("Undefined");
            case Value.Sequence s -> sequence(s, out);
            case Value.Dict d -> dict(d, out);
            case Value.Namespace n -> out.append("<Namespace>");
            case Value.Generator _ -> out.append("<generator object>");
            case Value.Loop _ -> out.append("<LoopContext>");
            case Value.Function _ -> out.append("<function>");
        }
        budget.spend(out.length() - before);
        budget.leave();
    }

    private void sequence(Value.Sequence sequence, StringBuilder out) {
        out.append(sequence.tuple() ? '(' : '[');
        var separator = "";
        for (var item : sequence.items()) {
            out.append(separator);
            repr(item, out);
            separator = ", ";
        }
        if (sequence.tuple() && sequence.items().size() == 1) {
            out.append(',');
        }
        out.append(sequence.tuple() ? ')' : ']');
    }

    private void dict(Value.Dict dict, StringBuilder out) {
        out.append('{');
        var separator = "";
        for (var entry : dict.entries().entrySet()) {
            out.append(separator);
            repr(entry.getKey(), out);
            out.append(": ");
            repr(entry.getValue(), out);
            separator = ", ";
        }
        out.append('}');
    }

    private static void quote(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        var form = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                        out.append(String.format(Locale.ROOT, form, c));
                    }
                }
            }
        });
        out.append(quote);
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /**
     * Python's {@code repr(float)}: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on.
     */
    static String real(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        var shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            var plain = shortest.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        var digits = shortest.unscaledValue().abs().toString();
        var fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        var sign = exponent < 0 ? "-" : "+";
        var power = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : String.valueOf(Math.abs(exponent));
        return (number < 0 ? "-" : "") + digits.charAt(0) + fraction + "e" + sign + power;
    }
}
