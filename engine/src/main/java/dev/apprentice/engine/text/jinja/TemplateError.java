package dev.apprentice.engine.text.jinja;

/** A template that cannot be parsed, does something undefined, or refuses its input itself. */
final class TemplateError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TemplateError(String message) {
        super(message, null, false, false);
    }

    static TemplateError at(int line, String message) {
        return new TemplateError("line " + line + ": " + message);
    }

    /** The message, never null: every constructor is given one. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
