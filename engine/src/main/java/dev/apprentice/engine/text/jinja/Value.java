package dev.apprentice.engine.text.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** A value in a rendering. Nothing in here refers to a host object, so no template can reach one. */
sealed interface Value {

    record Str(String text) implements Value {
        static final Str EMPTY = new Str("");
    }

    record Int(long number) implements Value {}

    record Real(double number) implements Value {}

    record Bool(boolean truth) implements Value {
        static final Bool TRUE = new Bool(true);
        static final Bool FALSE = new Bool(false);

        static Bool of(boolean truth) {
            return truth ? TRUE : FALSE;
        }
    }

    enum None implements Value {
        NONE
    }

    /** What a missing name, key or attribute gives: printable as nothing, an error in most other uses. */
    record Undefined(String reason) implements Value {
        TemplateError error() {
            return new TemplateError(reason);
        }
    }

    /** A list, or a tuple, which differs in how it prints, compares and formats. */
    record Sequence(List<Value> items, boolean tuple) implements Value {}

    /** Keys are hashable values brought to one form by {@link Values#key}. */
    record Dict(Map<Value, Value> entries) implements Value {}

    /** {@code namespace()}: the only thing that a template may change. */
    record Namespace(Map<String, Value> fields) implements Value {}

    /** What map, select and their like give: iterable once, always true, without length. */
    record Generator(Iterator<Value> items) implements Value {}

    /** {@code loop} inside a for. */
    record Loop(LoopState state) implements Value {}

    /** Something to call: a macro, a method bound to its object, a global. */
    non-sealed interface Function extends Value {
        Value call(Arguments arguments);
    }
}
