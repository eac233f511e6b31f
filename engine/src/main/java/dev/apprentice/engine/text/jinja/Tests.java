package dev.apprentice.engine.text.jinja;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may stand after {@code is}. */
final class Tests {
    private static final Map<String, Test> ALL = all();

    private Tests() {}

    interface Test {
        boolean holds(Value value, Arguments arguments, Operators operators);
    }

    private interface Simple {
        boolean holds(Value value);
    }

    static @Nullable Test find(String name) {
        return ALL.get(name);
    }

    private static Map<String, Test> all() {
        Map<String, Test> tests = new HashMap<>();
        simple(tests, "defined", v -> !(v instanceof Value.Undefined));
        simple(tests, "undefined", v -> v instanceof Value.Undefined);
        simple(tests, "none", v -> v == Value.None.NONE);
        simple(tests, "string", v -> v instanceof Value.Str);
        simple(tests, "mapping", v -> v instanceof Value.Dict);
        simple(tests, "number", v -> Values.number(v) != null);
        simple(tests, "integer", v -> v instanceof Value.Int);
        simple(tests, "float", v -> v instanceof Value.Real);
        simple(tests, "boolean", v -> v instanceof Value.Bool);
        simple(tests, "true", v -> v instanceof Value.Bool b && b.truth());
        simple(tests, "false", v -> v instanceof Value.Bool b && !b.truth());
        simple(tests, "iterable", Values::iterable);
        simple(
                tests,
                "sequence",
                v -> v instanceof Value.Str
                        || v instanceof Value.Sequence
                        || v instanceof Value.Dict
                        || v instanceof Value.Undefined);
        simple(
                tests,
                "callable",
                v -> v instanceof Value.Function || v instanceof Value.Undefined || v instanceof Value.Loop);
        rest(tests, "odd", 1);
        rest(tests, "even", 0);
        simple(tests, "lower", v -> cased(v) && text(v).equals(text(v).toLowerCase(Locale.ROOT)));
        simple(tests, "upper", v -> cased(v) && text(v).equals(text(v).toUpperCase(Locale.ROOT)));
        simple(tests, "filter", v -> v instanceof Value.Str s && Filters.find(s.text()) != null);
        simple(tests, "test", v -> v instanceof Value.Str s && find(s.text()) != null);
        tests.put("divisibleby", (v, arguments, operators) -> {
            var rest = operators.arithmetic(
                    "%", v, arguments.only("divisibleby", "num").need(0, "num"));
            return operators.equal(rest, new Value.Int(0));
        });
        tests.put("sameas", (v, arguments, operators) -> {
            var other = arguments.only("sameas", "other").need(0, "other");
            return Values.typeName(v).equals(Values.typeName(other)) && operators.equal(v, other);
        });
        comparison(tests, "in", "in");
        comparison(tests, "==", "==", "eq", "equalto");
        comparison(tests, "!=", "!=", "ne");
        comparison(tests, "<", "<", "lt", "lessthan");
        comparison(tests, "<=", "<=", "le");
        comparison(tests, ">", ">", "gt", "greaterthan");
        comparison(tests, ">=", ">=", "ge");
        return Map.copyOf(tests);
    }

    private static void simple(Map<String, Test> tests, String name, Simple test) {
        tests.put(name, (value, arguments, _) -> {
            arguments.only(name);
            return test.holds(value);
        });
    }

    private static void comparison(Map<String, Test> tests, String operator, String... names) {
        for (var name : names) {
            tests.put(
                    name,
                    (value, arguments, operators) -> operators.compare(
                            operator, value, arguments.only(name, "other").need(0, "other")));
        }
    }

    private static void rest(Map<String, Test> tests, String name, long rest) {
        tests.put(name, (value, arguments, operators) -> {
            arguments.only(name);
            return operators.equal(operators.arithmetic("%", value, new Value.Int(2)), new Value.Int(rest));
        });
    }

    private static String text(Value value) {
        return value instanceof Value.Str s ? s.text() : "";
    }

    private static boolean cased(Value value) {
        return text(value).codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    }
}
