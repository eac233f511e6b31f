package dev.apprentice.engine.text.jinja;

/** A piece of template source; {@code text} is the decoded text of a string and the spelling of everything else. */
record Token(Kind kind, String text, int line) {

    enum Kind {
        DATA,
        PRINT_BEGIN,
        PRINT_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        REAL,
        OPERATOR,
        END
    }

    boolean isOperator(String spelling) {
        return kind == Kind.OPERATOR && text.equals(spelling);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case DATA -> "text";
            case PRINT_BEGIN -> "{{";
            case PRINT_END -> "}}";
            case BLOCK_BEGIN -> "{%";
            case BLOCK_END -> "%}";
            case END -> "end of template";
            case NAME, STRING, INTEGER, REAL, OPERATOR -> "'" + text + "'";
        };
    }
}
