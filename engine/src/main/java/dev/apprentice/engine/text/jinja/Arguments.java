package dev.apprentice.engine.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluated arguments of a call. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** Checks that only these parameters were given, and none twice. */
    Arguments only(String callee, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new TemplateError(
                    callee + "() takes at most " + parameters.length + " arguments, " + positional.size() + " given");
        }
        for (var name : named.keySet()) {
            int index = List.of(parameters).indexOf(name);
            if (index < 0 || index < positional.size()) {
                throw new TemplateError(callee + "() got an unexpected argument '" + name + "'");
            }
        }
        return this;
    }

    @Nullable
    Value find(int index, String name) {
        return index >= 0 && index < positional.size() ? positional.get(index) : named.get(name);
    }

    Value get(int index, String name, Value otherwise) {
        var found = find(index, name);
        return found == null ? otherwise : found;
    }

    Value need(int index, String name) {
        var found = find(index, name);
        if (found == null) {
            throw new TemplateError("missing argument '" + name + "'");
        }
        return found;
    }

    boolean flag(int index, String name, boolean otherwise) {
        var found = find(index, name);
        return found == null ? otherwise : Values.truth(found);
    }

    long whole(int index, String name, long otherwise) {
        var found = find(index, name);
        if (found == null || found == Value.None.NONE) {
            return otherwise;
        }
        if (Values.number(found) instanceof Value.Int i) {
            return i.number();
        }
        throw new TemplateError("argument '" + name + "' must be an integer, not " + Values.typeName(found));
    }

    String text(int index, String name) {
        var found = need(index, name);
        if (found instanceof Value.Str s) {
            return s.text();
        }
        throw new TemplateError("argument '" + name + "' must be str, not " + Values.typeName(found));
    }

    /** The arguments after the first {@code count} positional ones. */
    Arguments after(int count) {
        return new Arguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }
}
