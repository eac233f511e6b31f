package dev.apprentice.engine.text.jinja;

/** Backslash escapes of a string literal, as Python's {@code unicode-escape} codec reads them. */
final class Escapes {
    private static final String SIMPLE = "\\'\"abfnrtv";
    private static final String MEANING = "\\'\"\u0007\b\f\n\r\t\u000B";

    private Escapes() {}

    static String decode(String literal, int line) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        var text = new StringBuilder(literal.length());
        int at = 0;
        while (at < literal.length()) {
            char c = literal.charAt(at);
            if (c != '\\' || at + 1 >= literal.length()) {
                text.append(c);
                at++;
                continue;
            }
            char kind = literal.charAt(at + 1);
            int simple = SIMPLE.indexOf(kind);
            if (simple >= 0) {
                text.append(MEANING.charAt(simple));
                at += 2;
            } else if (kind == '\n') {
                at += 2;
            } else if (kind == 'x' || kind == 'u' || kind == 'U') {
                int length = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
                text.appendCodePoint(hex(literal, at + 2, length, line));
                at += 2 + length;
            } else if (kind >= '0' && kind <= '7') {
                int end = at + 1;
                while (end < literal.length()
                        && end < at + 4
                        && literal.charAt(end) >= '0'
                        && literal.charAt(end) <= '7') {
                    end++;
                }
                text.append((char) Integer.parseInt(literal, at + 1, end, 8));
                at = end;
            } else {
                text.append(c).append(kind);
                at += 2;
            }
        }
        return text.toString();
    }

    private static int hex(String literal, int from, int length, int line) {
        int value = 0;
        for (int i = from; i < from + length; i++) {
            int digit = i < literal.length() ? Character.digit(literal.charAt(i), 16) : -1;
            if (digit < 0 || value > Character.MAX_CODE_POINT) {
                throw TemplateError.at(line, "broken escape in a string");
            }
            value = value * 16 + digit;
        }
        if (!Character.isValidCodePoint(value)) {
            throw TemplateError.at(line, "broken escape in a string");
        }
        return value;
    }
}
