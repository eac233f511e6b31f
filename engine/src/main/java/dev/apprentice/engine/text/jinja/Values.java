package dev.apprentice.engine.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Python's truth, length, iteration and indexing make of a value, and the way in for the caller's objects. */
final class Values {
    private static final int DEPTH_MAX = 100;

    private Values() {}

    /** The caller's strings, numbers, booleans, nulls, lists and maps, copied; anything else is refused. */
    static Value adopt(@Nullable Object object) {
        return adopt(object, 0);
    }

    private static Value adopt(@Nullable Object object, int depth) {
        if (depth > DEPTH_MAX) {
            throw new TemplateError("the values given are nested deeper than " + DEPTH_MAX + " levels");
        }
        return switch (object) {
            case null -> Value.None.NONE;
            case String text -> new Value.Str(text);
            case Boolean truth -> Value.Bool.of(truth);
            case Long number -> new Value.Int(number);
            case Integer number -> new Value.Int(number);
            case Double number -> new Value.Real(number);
            case Float number -> new Value.Real(number);
            case java.math.BigInteger number ->
                number.bitLength() < 64 ? new Value.Int(number.longValue()) : new Value.Real(number.doubleValue());
            case java.math.BigDecimal number -> new Value.Real(number.doubleValue());
            case List<?> list -> {
                List<Value> items = new ArrayList<>(list.size());
                for (var item : list) {
                    items.add(adopt(item, depth + 1));
                }
                yield list(items);
            }
            case Map<?, ?> map -> {
                Map<Value, Value> entries = new LinkedHashMap<>();
                for (var entry : map.entrySet()) {
                    entries.put(key(adopt(entry.getKey(), depth + 1)), adopt(entry.getValue(), depth + 1));
                }
                yield new Value.Dict(Collections.unmodifiableMap(entries));
            }
            default ->
                throw new TemplateError(
                        "a template takes no " + object.getClass().getName());
        };
    }

    static Value.Sequence list(List<Value> items) {
        return new Value.Sequence(Collections.unmodifiableList(items), false);
    }

    static Value.Sequence tuple(Value... items) {
        return new Value.Sequence(List.of(items), true);
    }

    static Value.Generator generator(List<Value> items) {
        return new Value.Generator(items.iterator());
    }

    /** The one form of a key: 1, 1.0 and True are the same key; lists and dicts are none. */
    static Value key(Value value) {
        return switch (value) {
            case Value.Bool b -> new Value.Int(b.truth() ? 1 : 0);
            case Value.Real r
            when r.number() == Math.rint(r.number()) && Math.abs(r.number()) < 1e18 -> new Value.Int((long) r.number());
            case Value.Str _, Value.Int _, Value.Real _, Value.None _ -> value;
            case Value.Sequence s
            when s.tuple() -> {
                List<Value> items = new ArrayList<>();
                for (var item : s.items()) {
                    if (item instanceof Value.Sequence) {
                        throw new TemplateError("a tuple in a tuple is no key");
                    }
                    items.add(key(item));
                }
                yield new Value.Sequence(List.copyOf(items), true);
            }
            default -> throw new TemplateError("unhashable type: '" + typeName(value) + "'");
        };
    }

    static boolean truth(Value value) {
        return switch (value) {
            case Value.Str s -> !s.text().isEmpty();
            case Value.Int i -> i.number() != 0;
            case Value.Real r -> r.number() != 0;
            case Value.Bool b -> b.truth();
            case Value.None _, Value.Undefined _ -> false;
            case Value.Sequence s -> !s.items().isEmpty();
            case Value.Dict d -> !d.entries().isEmpty();
            case Value.Namespace _, Value.Generator _, Value.Loop _, Value.Function _ -> true;
        };
    }

    static String typeName(Value value) {
        return switch (value) {
            case Value.Str _ -> "str";
            case Value.Int _ -> "int";
            case Value.Real _ -> "float";
            case Value.Bool _ -> "bool";
            case Value.None _ -> "NoneType";
            case Value.Undefined _ -> "Undefined";
            case Value.Sequence s -> s.tuple() ? "tuple" : "list";
            case Value.Dict _ -> "dict";
            case Value.Namespace _ -> "Namespace";
            case Value.Generator _ -> "generator";
            case Value.Loop _ -> "LoopContext";
            case Value.Function _ -> "function";
        };
    }

    static boolean iterable(Value value) {
        return switch (value) {
            case Value.Str _, Value.Sequence _, Value.Dict _, Value.Generator _, Value.Undefined _, Value.Loop _ ->
                true;
            case Value.Int _, Value.Real _, Value.Bool _, Value.None _, Value.Namespace _, Value.Function _ -> false;
        };
    }

    /** The items of a value as Python would iterate it: characters, elements, keys; an error for what has none. */
    static List<Value> items(Value value) {
        return switch (value) {
            case Value.Sequence s -> s.items();
            case Value.Dict d -> List.copyOf(d.entries().keySet());
            case Value.Undefined _ -> List.of();
            case Value.Str s -> {
                List<Value> characters = new ArrayList<>(s.text().length());
                s.text().codePoints().forEach(c -> characters.add(new Value.Str(Character.toString(c))));
                yield characters;
            }
            case Value.Generator g -> drain(g.items());
            case Value.Loop l -> l.state().rest();
            case Value.Int _, Value.Real _, Value.Bool _, Value.None _, Value.Namespace _, Value.Function _ ->
                throw new TemplateError("'" + typeName(value) + "' object is not iterable");
        };
    }

    private static List<Value> drain(Iterator<Value> items) {
        List<Value> all = new ArrayList<>();
        items.forEachRemaining(all::add);
        return all;
    }

    static int length(Value value) {
        return switch (value) {
            case Value.Str s -> s.text().codePointCount(0, s.text().length());
            case Value.Sequence s -> s.items().size();
            case Value.Dict d -> d.entries().size();
            case Value.Undefined _ -> 0;
            case Value.Loop l -> l.state().length();
            case Value.Int _,
                    Value.Real _,
                    Value.Bool _,
                    Value.None _,
                    Value.Namespace _,
                    Value.Generator _,
                    Value.Function _ ->
                throw new TemplateError("object of type '" + typeName(value) + "' has no len()");
        };
    }

    /** A number as a number, True and False as 1 and 0; null for everything else. */
    static @Nullable Value number(Value value) {
        return switch (value) {
            case Value.Int i -> i;
            case Value.Real r -> r;
            case Value.Bool b -> new Value.Int(b.truth() ? 1 : 0);
            default -> null;
        };
    }
}
