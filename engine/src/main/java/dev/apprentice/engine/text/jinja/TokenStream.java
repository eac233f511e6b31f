package dev.apprentice.engine.text.jinja;

import dev.apprentice.engine.text.jinja.Token.Kind;
import java.util.List;

/**
 * The tokens of a template with a place in them, and how deep the parser stands, so that no source exhausts the stack.
 */
final class TokenStream {
    private static final int NESTING_MAX = 100;

    private final List<Token> tokens;
    private int at;
    private int nesting;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token ahead() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        var token = current();
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean skip(Kind kind) {
        boolean there = current().kind() == kind;
        if (there) {
            next();
        }
        return there;
    }

    boolean skipOperator(String spelling) {
        boolean there = current().isOperator(spelling);
        if (there) {
            next();
        }
        return there;
    }

    boolean skipName(String name) {
        boolean there = current().isName(name);
        if (there) {
            next();
        }
        return there;
    }

    Token expect(Kind kind) {
        if (current().kind() != kind) {
            throw fail("expected " + new Token(kind, kind.name().toLowerCase(java.util.Locale.ROOT), 0) + ", got "
                    + current());
        }
        return next();
    }

    void expectOperator(String spelling) {
        if (!skipOperator(spelling)) {
            throw fail("expected '" + spelling + "', got " + current());
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw fail("expected '" + name + "', got " + current());
        }
    }

    TemplateError fail(String message) {
        return TemplateError.at(current().line(), message);
    }

    void enter() {
        if (++nesting > NESTING_MAX) {
            throw fail("nested deeper than " + NESTING_MAX + " levels");
        }
    }

    void leave() {
        nesting--;
    }
}
