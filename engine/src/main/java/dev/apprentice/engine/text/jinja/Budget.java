package dev.apprentice.engine.text.jinja;

/**
 * What one rendering may still use. Every iteration is a step; every character and element that an operation builds or
 * compares is size; both together bound time and memory, whatever the template does. Far above what chat templates
 * need: a prompt of a million characters uses some ten million of size.
 */
final class Budget {
    private static final int STEPS_MAX = 1_000_000;
    private static final long SIZE_MAX = 64_000_000;
    private static final int DEPTH_MAX = 300;

    private int steps;
    private long size;
    private int depth;

    void step() {
        if (++steps > STEPS_MAX) {
            throw new TemplateError("the template runs more than " + STEPS_MAX + " loop steps");
        }
    }

    void spend(long amount) {
        size += amount;
        if (size > SIZE_MAX || amount > SIZE_MAX) {
            throw new TemplateError("the template builds more than " + SIZE_MAX + " characters");
        }
    }

    /** What it costs to read through a value once, which for a long text is little but not nothing. */
    void scan(Value value) {
        spend(value instanceof Value.Str s ? s.text().length() / 16 + 1 : 1);
    }

    /** What a new list costs: an element takes the room of several characters. */
    void elements(long count) {
        spend(Math.min(count, SIZE_MAX) * 8);
    }

    Value.Str text(String text) {
        spend(text.length());
        return new Value.Str(text);
    }

    /** Goes one level down in statements, expressions or values; paired with {@link #leave}. */
    void enter() {
        if (++depth > DEPTH_MAX) {
            throw new TemplateError("the template nests or recurses deeper than " + DEPTH_MAX + " levels");
        }
    }

    void leave() {
        depth--;
    }
}
