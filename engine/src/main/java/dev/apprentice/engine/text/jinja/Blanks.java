package dev.apprentice.engine.text.jinja;

import java.util.function.IntPredicate;

/** White space as Python's {@code str.isspace} and {@code re}'s {@code \s} see it, which is neither of Java's two. */
final class Blanks {
    private Blanks() {}

    static boolean isBlank(int c) {
        return (c >= 9 && c <= 13)
                || (c >= 28 && c <= 32)
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    /** The end of the run of white space that starts at {@code from}. */
    static int skip(String text, int from) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static String stripLeading(String text, IntPredicate unwanted) {
        int at = 0;
        while (at < text.length() && unwanted.test(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        return text.substring(at);
    }

    static String stripTrailing(String text, IntPredicate unwanted) {
        int end = text.length();
        while (end > 0 && unwanted.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    static String strip(String text) {
        return stripTrailing(stripLeading(text, Blanks::isBlank), Blanks::isBlank);
    }
}
