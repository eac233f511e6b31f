package dev.apprentice.engine.text.jinja;

import java.util.List;
import java.util.Locale;

/** {@code '%s: %02d' % (a, b)}: the conversions s r d i u f x X o c, with flags, width and precision. */
final class PercentFormat {
    private static final String FLAGS = "-+ 0#";
    private static final int WIDTH_MAX = 100_000;

    private final Budget budget;

    PercentFormat(Budget budget) {
        this.budget = budget;
    }

    String format(String format, Value right) {
        boolean tuple = right instanceof Value.Sequence s && s.tuple();
        List<Value> values = tuple ? ((Value.Sequence) right).items() : List.of(right);
        var out = new StringBuilder();
        int used = 0;
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
                continue;
            }
            Value value = null;
            if (at < format.length() && format.charAt(at) == '(') {
                int end = format.indexOf(')', at);
                if (end < 0 || !(right instanceof Value.Dict dict)) {
                    throw new TemplateError("format requires a mapping");
                }
                value = dict.entries().get(new Value.Str(format.substring(at + 1, end)));
                if (value == null) {
                    throw new TemplateError("format: no key '" + format.substring(at + 1, end) + "'");
                }
                used = values.size();
                at = end + 1;
            }
            int specification = at;
            while (at < format.length() && FLAGS.indexOf(format.charAt(at)) >= 0) {
                at++;
            }
            var flags = format.substring(specification, at);
            int widthEnd = digits(format, at);
            int width = number(format, at, widthEnd);
            at = widthEnd;
            int precision = -1;
            if (at < format.length() && format.charAt(at) == '.') {
                int end = digits(format, at + 1);
                precision = number(format, at + 1, end);
                at = end;
            }
            if (at >= format.length()) {
                throw new TemplateError("incomplete format");
            }
            char kind = format.charAt(at++);
            if (kind == '%') {
                out.append('%');
                continue;
            }
            if (value == null) {
                if (used >= values.size()) {
                    throw new TemplateError("not enough arguments for format string");
                }
                value = values.get(used++);
            }
            budget.spend(width);
            out.append(padded(converted(kind, flags, precision, value), flags, width, kind));
        }
        // Python forgives a left-over list or dict, because either could have been meant as the mapping.
        boolean forgiven = !tuple && (right instanceof Value.Sequence || right instanceof Value.Dict);
        if (used < values.size() && !forgiven) {
            throw new TemplateError("not all arguments converted during string formatting");
        }
        return out.toString();
    }

    private static int digits(String format, int from) {
        int end = from;
        while (end < format.length() && format.charAt(end) >= '0' && format.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static int number(String format, int from, int end) {
        if (end - from > 6 || (end > from && Integer.parseInt(format, from, end, 10) > WIDTH_MAX)) {
            throw new TemplateError("format: a width is too large");
        }
        return end > from ? Integer.parseInt(format, from, end, 10) : 0;
    }

    private String converted(char kind, String flags, int precision, Value value) {
        var printer = new Printer(budget);
        return switch (kind) {
            case 's', 'r' -> {
                var text = kind == 's' ? printer.text(value) : printer.repr(value);
                int length = text.codePointCount(0, text.length());
                yield precision >= 0 && precision < length
                        ? text.substring(0, text.offsetByCodePoints(0, precision))
                        : text;
            }
            case 'c' -> {
                if (value instanceof Value.Str s && Values.length(s) == 1) {
                    yield s.text();
                } else if (value instanceof Value.Int i && i.number() >= 0 && i.number() <= Character.MAX_CODE_POINT) {
                    yield Character.toString((int) i.number());
                }
                throw new TemplateError("a character format requires int or char");
            }
            case 'd', 'i', 'u' -> sign(flags, Long.toString(whole(kind, value)));
            case 'x' -> sign(flags, radix(flags, "0x", whole(kind, value), 16));
            case 'X' -> sign(flags, radix(flags, "0x", whole(kind, value), 16).toUpperCase(Locale.ROOT));
            case 'o' -> sign(flags, radix(flags, "0o", whole(kind, value), 8));
            case 'f', 'F' -> {
                double number = Operators.real(numeric(kind, value));
                int places = Math.min(precision < 0 ? 6 : precision, 300);
                yield sign(
                        flags,
                        Double.isFinite(number)
                                ? new java.math.BigDecimal(number)
                                        .setScale(places, java.math.RoundingMode.HALF_EVEN)
                                        .toPlainString()
                                : Printer.real(number));
            }
            default -> throw new TemplateError("unsupported format character '" + kind + "'");
        };
    }

    private static String radix(String flags, String prefix, long number, int radix) {
        var digits = Long.toUnsignedString(Math.abs(number), radix);
        return (number < 0 ? "-" : "") + (flags.contains("#") ? prefix : "") + digits;
    }

    private static String sign(String flags, String number) {
        if (number.startsWith("-")) {
            return number;
        }
        return flags.contains("+") ? "+" + number : flags.contains(" ") ? " " + number : number;
    }

    private static Value numeric(char kind, Value value) {
        var number = Values.number(value);
        if (number == null) {
            throw new TemplateError("%" + kind + " format: a number is required, not " + Values.typeName(value));
        }
        return number;
    }

    private static long whole(char kind, Value value) {
        return switch (numeric(kind, value)) {
            case Value.Int i -> i.number();
            case Value.Real r when Math.abs(r.number()) < 9e18 -> (long) r.number();
            default -> throw new TemplateError("%" + kind + " format: a number is too large");
        };
    }

    private static String padded(String text, String flags, int width, char kind) {
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        if (flags.contains("-")) {
            return text + " ".repeat(missing);
        }
        if (flags.contains("0") && "src".indexOf(kind) < 0) {
            int digits = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
            return text.substring(0, digits) + "0".repeat(missing) + text.substring(digits);
        }
        return " ".repeat(missing) + text;
    }
}
