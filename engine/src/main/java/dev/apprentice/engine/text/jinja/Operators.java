package dev.apprentice.engine.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** Python's arithmetic, equality, order and membership. Integers that leave 64 bits are an error, not a wrap. */
final class Operators {
    private final Budget budget;

    Operators(Budget budget) {
        this.budget = budget;
    }

    Value arithmetic(String operator, Value left, Value right) {
        if (operator.equals("%") && left instanceof Value.Str format) {
            return budget.text(new PercentFormat(budget).format(format.text(), right));
        }
        if (left instanceof Value.Undefined u) {
            throw u.error();
        }
        if (right instanceof Value.Undefined u) {
            throw u.error();
        }
        var a = Values.number(left);
        var b = Values.number(right);
        if (a != null && b != null) {
            return numbers(operator, a, b);
        }
        if (operator.equals("+")) {
            if (left instanceof Value.Str l && right instanceof Value.Str r) {
                return budget.text(l.text() + r.text());
            }
            if (left instanceof Value.Sequence l && right instanceof Value.Sequence r && l.tuple() == r.tuple()) {
                budget.elements(l.items().size() + (long) r.items().size());
                List<Value> items = new ArrayList<>(l.items());
                items.addAll(r.items());
                return new Value.Sequence(items, l.tuple());
            }
        }
        if (operator.equals("*")) {
            if (b instanceof Value.Int times) {
                var repeated = repeated(left, times.number());
                if (repeated != null) {
                    return repeated;
                }
            } else if (a instanceof Value.Int times) {
                var repeated = repeated(right, times.number());
                if (repeated != null) {
                    return repeated;
                }
            }
        }
        throw new TemplateError("unsupported operand type(s) for " + operator + ": '" + Values.typeName(left)
                + "' and '" + Values.typeName(right) + "'");
    }

    private @Nullable Value repeated(Value value, long times) {
        long count = Math.clamp(times, 0, Integer.MAX_VALUE);
        if (value instanceof Value.Str s) {
            budget.spend(count * s.text().length());
            return new Value.Str(s.text().repeat((int) count));
        }
        if (value instanceof Value.Sequence s) {
            budget.elements(count * s.items().size());
            List<Value> items = new ArrayList<>();
            for (long i = 0; i < count && !s.items().isEmpty(); i++) {
                items.addAll(s.items());
            }
            return new Value.Sequence(items, s.tuple());
        }
        return null;
    }

    private static Value numbers(String operator, Value a, Value b) {
        boolean whole = a instanceof Value.Int && b instanceof Value.Int;
        return switch (operator) {
            case "+" -> whole ? exact(Math::addExact, a, b) : new Value.Real(real(a) + real(b));
            case "-" -> whole ? exact(Math::subtractExact, a, b) : new Value.Real(real(a) - real(b));
            case "*" -> whole ? exact(Math::multiplyExact, a, b) : new Value.Real(real(a) * real(b));
            case "/" -> new Value.Real(real(a) / divisor(b));
            case "//" -> {
                divisor(b);
                yield whole ? exact(Math::floorDiv, a, b) : new Value.Real(Math.floor(real(a) / real(b)));
            }
            case "%" -> {
                divisor(b);
                yield whole ? exact(Math::floorMod, a, b) : new Value.Real(floorMod(real(a), real(b)));
            }
            case "**" -> power(a, b);
            default -> throw new IllegalStateException("no operator " + operator);
        };
    }

    private static double divisor(Value b) {
        if (real(b) == 0) {
            throw new TemplateError("division by zero");
        }
        return real(b);
    }

    private static double floorMod(double a, double b) {
        double rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }

    private static Value exact(LongBinaryOperator operator, Value a, Value b) {
        if (a instanceof Value.Int x && b instanceof Value.Int y) {
            try {
                return new Value.Int(operator.applyAsLong(x.number(), y.number()));
            } catch (ArithmeticException e) {
                throw new TemplateError("a number is too large");
            }
        }
        throw new IllegalStateException("not two integers");
    }

    private static Value power(Value a, Value b) {
        if (!(a instanceof Value.Int x && b instanceof Value.Int y && y.number() >= 0)) {
            double power = Math.pow(real(a), real(b));
            if (!Double.isFinite(power)) {
                throw new TemplateError("a power is not finite");
            }
            return new Value.Real(power);
        }
        try {
            long result = 1;
            long base = x.number();
            if (Math.abs(base) <= 1) {
                return new Value.Int(y.number() == 0 ? 1 : y.number() % 2 == 0 ? base * base : base);
            }
            for (long i = 0; i < y.number(); i++) {
                result = Math.multiplyExact(result, base);
            }
            return new Value.Int(result);
        } catch (ArithmeticException e) {
            throw new TemplateError("a number is too large");
        }
    }

    static double real(Value number) {
        return switch (number) {
            case Value.Int i -> i.number();
            case Value.Real r -> r.number();
            default -> throw new IllegalStateException("not a number");
        };
    }

    Value signed(boolean minus, Value value) {
        if (value instanceof Value.Undefined u) {
            throw u.error();
        }
        var number = Values.number(value);
        if (number == null) {
            throw new TemplateError(
                    "bad operand type for unary " + (minus ? "-" : "+") + ": '" + Values.typeName(value) + "'");
        }
        return minus ? numbers("*", number, new Value.Int(-1)) : number;
    }

    boolean compare(String operator, Value left, Value right) {
        budget.scan(right);
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            case "<" -> order(operator, left, right) < 0;
            case "<=" -> order(operator, left, right) <= 0;
            case ">" -> order(operator, left, right) > 0;
            case ">=" -> order(operator, left, right) >= 0;
            default -> throw new IllegalStateException("no comparison " + operator);
        };
    }

    boolean equal(Value left, Value right) {
        budget.spend(1);
        budget.enter();
        try {
            var a = Values.number(left);
            var b = Values.number(right);
            if (a != null && b != null) {
                boolean whole = a instanceof Value.Int && b instanceof Value.Int;
                return whole ? a.equals(b) : real(a) == real(b);
            }
            return switch (left) {
                case Value.Str l -> right instanceof Value.Str r && l.text().equals(r.text());
                case Value.Undefined _ -> right instanceof Value.Undefined;
                case Value.Sequence l ->
                    right instanceof Value.Sequence r && l.tuple() == r.tuple() && equalItems(l, r);
                case Value.Dict l -> right instanceof Value.Dict r && equalEntries(l, r);
                default -> same(left, right);
            };
        } finally {
            budget.leave();
        }
    }

    /** Namespaces may hold themselves, so they and functions are equal only to themselves, as in Python. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Value left, Value right) {
        return left == right;
    }

    private boolean equalItems(Value.Sequence left, Value.Sequence right) {
        if (left.items().size() != right.items().size()) {
            return false;
        }
        for (int i = 0; i < left.items().size(); i++) {
            if (!equal(left.items().get(i), right.items().get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean equalEntries(Value.Dict left, Value.Dict right) {
        if (left.entries().size() != right.entries().size()) {
            return false;
        }
        for (var entry : left.entries().entrySet()) {
            var other = right.entries().get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private boolean contains(Value container, Value item) {
        return switch (container) {
            case Value.Str s -> {
                if (!(item instanceof Value.Str part)) {
                    throw new TemplateError(
                            "'in <string>' requires string as left operand, not " + Values.typeName(item));
                }
                yield s.text().contains(part.text());
            }
            case Value.Dict d -> d.entries().containsKey(Values.key(item));
            case Value.Int _, Value.Real _, Value.Bool _, Value.None _, Value.Namespace _, Value.Function _ ->
                throw new TemplateError("argument of type '" + Values.typeName(container) + "' is not iterable");
            default -> {
                for (var element : Values.items(container)) {
                    if (equal(element, item)) {
                        yield true;
                    }
                }
                yield false;
            }
        };
    }

    /** As {@link java.util.Comparator}; an error for what Python does not order. */
    int order(String operator, Value left, Value right) {
        if (left instanceof Value.Undefined u) {
            throw u.error();
        }
        if (right instanceof Value.Undefined u) {
            throw u.error();
        }
        var a = Values.number(left);
        var b = Values.number(right);
        if (a != null && b != null) {
            return (a instanceof Value.Int x && b instanceof Value.Int y)
                    ? Long.compare(x.number(), y.number())
                    : Double.compare(real(a), real(b));
        }
        if (left instanceof Value.Str l && right instanceof Value.Str r) {
            return byCodePoint(l.text(), r.text());
        }
        if (left instanceof Value.Sequence l && right instanceof Value.Sequence r && l.tuple() == r.tuple()) {
            return orderItems(operator, l.items(), r.items());
        }
        throw new TemplateError("'" + operator + "' not supported between instances of '" + Values.typeName(left)
                + "' and '" + Values.typeName(right) + "'");
    }

    private int orderItems(String operator, List<Value> left, List<Value> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!equal(left.get(i), right.get(i))) {
                budget.enter();
                int order = order(operator, left.get(i), right.get(i));
                budget.leave();
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    /** Java orders strings by UTF-16 units, Python by code points: they differ where one character is beyond U+FFFF. */
    private static int byCodePoint(String left, String right) {
        for (int i = 0; i < Math.min(left.length(), right.length()); i++) {
            char l = left.charAt(i);
            char r = right.charAt(i);
            if (l != r) {
                boolean bothOrNone = Character.isSurrogate(l) == Character.isSurrogate(r);
                return bothOrNone ? Character.compare(l, r) : Character.isSurrogate(l) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
