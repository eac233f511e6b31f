package dev.apprentice.engine.text.jinja;

import dev.apprentice.engine.text.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Cuts the inside of one tag into tokens; a tag ends outside quotes and brackets only. */
final class TagLexer {
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens;
    private int at;
    private int line = 1;
    private int lineKnownTo;

    TagLexer(String source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    /** The line of a position, which never moves back far: counted on from the last question. */
    int line(int position) {
        if (position < lineKnownTo) {
            line = 1;
            lineKnownTo = 0;
        }
        for (; lineKnownTo < position && lineKnownTo < source.length(); lineKnownTo++) {
            if (source.charAt(lineKnownTo) == '\n') {
                line++;
            }
        }
        return line;
    }

    /** Adds the tokens from {@code from} on and returns where the closing {@code end}, or its sign, begins. */
    int lex(int from, String end) {
        at = from;
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            at = Blanks.skip(source, at);
            if (at >= source.length()) {
                throw TemplateError.at(line(from), "tag is not closed by " + end);
            }
            if (open.isEmpty() && closes(end)) {
                return at;
            }
            char c = source.charAt(at);
            if (c == '\'' || c == '"') {
                string(c);
            } else if (c >= '0' && c <= '9') {
                number();
            } else if (c == '_' || Character.isUnicodeIdentifierStart(source.codePointAt(at))) {
                name();
            } else {
                operator(open);
            }
        }
    }

    private boolean closes(String end) {
        boolean signed = source.startsWith(end, at + 1)
                && (source.charAt(at) == '-' || (source.charAt(at) == '+' && end.equals("%}")));
        return signed || source.startsWith(end, at);
    }

    private void add(Kind kind, String text, int end) {
        tokens.add(new Token(kind, text, line(at)));
        at = end;
    }

    private void name() {
        int end = at;
        while (end < source.length()) {
            int c = source.codePointAt(end);
            if ((c != '_' && !Character.isUnicodeIdentifierPart(c)) || Character.isIdentifierIgnorable(c)) {
                break;
            }
            end += Character.charCount(c);
        }
        if (end == at) {
            throw TemplateError.at(line(at), "unexpected character");
        }
        add(Kind.NAME, source.substring(at, end), end);
    }

    private void operator(Deque<Character> open) {
        for (var spelling : OPERATORS) {
            if (source.startsWith(spelling, at)) {
                balance(spelling, open);
                add(Kind.OPERATOR, spelling, at + spelling.length());
                return;
            }
        }
        throw TemplateError.at(line(at), "unexpected char '" + Character.toString(source.codePointAt(at)) + "'");
    }

    private void balance(String spelling, Deque<Character> open) {
        switch (spelling) {
            case "(" -> open.push(')');
            case "[" -> open.push(']');
            case "{" -> open.push('}');
            case ")", "]", "}" -> {
                if (open.isEmpty() || open.pop() != spelling.charAt(0)) {
                    throw TemplateError.at(line(at), "unexpected '" + spelling + "'");
                }
            }
            default -> {}
        }
    }

    private int digits(int from) {
        int end = from;
        while (end < source.length()
                && (isDigit(end) || (source.charAt(end) == '_' && end > from && isDigit(end + 1)))) {
            end++;
        }
        return end;
    }

    private boolean isDigit(int index) {
        return index < source.length() && source.charAt(index) >= '0' && source.charAt(index) <= '9';
    }

    private void number() {
        int end = digits(at);
        boolean real = false;
        boolean afterDot = at > 0 && source.charAt(at - 1) == '.';
        if (!afterDot && end < source.length() && source.charAt(end) == '.' && isDigit(end + 1)) {
            end = digits(end + 1);
            real = true;
        }
        if (!afterDot && end < source.length() && (source.charAt(end) == 'e' || source.charAt(end) == 'E')) {
            int exponent = end + 1;
            if (exponent < source.length() && (source.charAt(exponent) == '+' || source.charAt(exponent) == '-')) {
                exponent++;
            }
            if (isDigit(exponent)) {
                end = digits(exponent);
                real = true;
            }
        }
        add(real ? Kind.REAL : Kind.INTEGER, source.substring(at, end).replace("_", ""), end);
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw TemplateError.at(line(at), "string is not closed");
        }
        add(Kind.STRING, Escapes.decode(source.substring(at + 1, end), line(at)), end + 1);
    }
}
