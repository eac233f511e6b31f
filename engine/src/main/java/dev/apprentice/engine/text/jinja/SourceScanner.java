package dev.apprentice.engine.text.jinja;

import dev.apprentice.engine.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts template source into text and tags, and does the white space control of {@code trim_blocks} and
 * {@code lstrip_blocks}: jinja2's {@code lexer.py}, written as a scanner.
 */
final class SourceScanner {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private final TagLexer lexer;
    private int at;
    /** Whether what came last ended a line, so that blanks before the next block tag stand at a line's start. */
    private boolean lineStarting = true;

    private SourceScanner(String source) {
        this.source = source;
        this.lexer = new TagLexer(source, tokens);
    }

    static List<Token> scan(String text) {
        var source = text.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        var scanner = new SourceScanner(source);
        scanner.root();
        scanner.tokens.add(new Token(Kind.END, "", scanner.lexer.line(source.length())));
        return List.copyOf(scanner.tokens);
    }

    private void root() {
        while (at < source.length()) {
            int open = opening();
            if (open < 0) {
                data(source.substring(at));
                return;
            }
            char kind = source.charAt(open + 1);
            char sign = signAt(open + 2);
            int inside = open + (sign == ' ' ? 2 : 3);
            data(trimmed(source.substring(at, open), sign, kind != '{'));
            at = inside;
            switch (kind) {
                case '#' -> comment(open);
                case '{' -> tag(Kind.PRINT_BEGIN, open);
                default -> block(open);
            }
        }
    }

    private int opening() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '%' || next == '{' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    private char signAt(int index) {
        char c = index < source.length() ? source.charAt(index) : ' ';
        return c == '-' || c == '+' ? c : ' ';
    }

    private String trimmed(String text, char sign, boolean block) {
        if (sign == '-') {
            return Blanks.stripTrailing(text, Blanks::isBlank);
        }
        if (sign == ' ' && block) {
            int line = text.lastIndexOf('\n') + 1;
            if ((line > 0 || lineStarting) && Blanks.skip(text, line) == text.length()) {
                return text.substring(0, line);
            }
        }
        return text;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            tokens.add(new Token(Kind.DATA, text, lexer.line(at)));
        }
    }

    private void moveTo(int end) {
        at = end;
        lineStarting = source.charAt(end - 1) == '\n';
    }

    private int afterNewline(int end) {
        return end < source.length() && source.charAt(end) == '\n' ? end + 1 : end;
    }

    private void comment(int open) {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw TemplateError.at(lexer.line(open), "missing end of comment tag");
        }
        char sign = end > at ? signAt(end - 1) : ' ';
        moveTo(
                switch (sign) {
                    case '-' -> Blanks.skip(source, end + 2);
                    case '+' -> end + 2;
                    default -> afterNewline(end + 2);
                });
    }

    private void block(int open) {
        int begin = closing(word(at, "raw"), false);
        if (begin < 0) {
            tag(Kind.BLOCK_BEGIN, open);
            return;
        }
        moveTo(begin);
        for (int end = source.indexOf("{%", at); end >= 0; end = source.indexOf("{%", end + 1)) {
            char sign = signAt(end + 2);
            int after = closing(word(end + (sign == ' ' ? 2 : 3), "endraw"), true);
            if (after >= 0) {
                data(trimmed(source.substring(at, end), sign, true));
                moveTo(after);
                return;
            }
        }
        throw TemplateError.at(lexer.line(open), "missing end of raw block");
    }

    /** Where the blanks after {@code name} end, or -1 if something else stands at {@code from}. */
    private int word(int from, String name) {
        int start = Blanks.skip(source, from);
        return source.startsWith(name, start) ? Blanks.skip(source, start + name.length()) : -1;
    }

    /**
     * The end of the block tag that closes at {@code from}, or -1; only the end tag of a raw block swallows a line end.
     */
    private int closing(int from, boolean trims) {
        if (from < 0) {
            return -1;
        } else if (source.startsWith("-%}", from)) {
            return Blanks.skip(source, from + 3);
        } else if (source.startsWith("%}", from)) {
            return trims ? afterNewline(from + 2) : from + 2;
        }
        return trims && source.startsWith("+%}", from) ? from + 3 : -1;
    }

    private void tag(Kind begin, int open) {
        boolean print = begin == Kind.PRINT_BEGIN;
        tokens.add(new Token(begin, print ? "{{" : "{%", lexer.line(open)));
        int end = lexer.lex(at, print ? "}}" : "%}");
        var close = new Token(print ? Kind.PRINT_END : Kind.BLOCK_END, print ? "}}" : "%}", lexer.line(end));
        tokens.add(close);
        if (source.charAt(end) == '-') {
            moveTo(Blanks.skip(source, end + 3));
        } else if (source.charAt(end) == '+') {
            moveTo(end + 3);
        } else {
            moveTo(print ? end + 2 : afterNewline(end + 2));
        }
    }
}
