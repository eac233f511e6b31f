package dev.apprentice.engine.text.jinja;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template has. */
final class Globals {
    private static final long RANGE_MAX = 100_000;

    private final Budget budget;
    private final Clock clock;
    private final Printer printer;

    private Globals(Budget budget, Clock clock) {
        this.budget = budget;
        this.clock = clock;
        this.printer = new Printer(budget);
    }

    static void addTo(Scope scope, Budget budget, Clock clock) {
        var globals = new Globals(budget, clock);
        scope.set("range", (Value.Function) globals::range);
        scope.set("dict", (Value.Function) arguments -> new Value.Dict(globals.entries(arguments)));
        scope.set("namespace", (Value.Function) globals::namespace);
        scope.set("joiner", (Value.Function) globals::joiner);
        scope.set("raise_exception", (Value.Function) globals::raise);
        scope.set("strftime_now", (Value.Function) globals::now);
    }

    private Value raise(Arguments arguments) {
        throw new TemplateError(
                printer.text(arguments.only("raise_exception", "message").get(0, "message", Value.Str.EMPTY)));
    }

    private Value now(Arguments arguments) {
        var format = arguments.only("strftime_now", "format").text(0, "format");
        return budget.text(Strftime.format(ZonedDateTime.now(clock), format));
    }

    private Value range(Arguments arguments) {
        arguments.only("range", "start", "stop", "step");
        boolean single = arguments.positional().size() == 1;
        long start = single ? 0 : arguments.whole(0, "start", 0);
        long stop = arguments.whole(single ? 0 : 1, "stop", 0);
        long step = arguments.whole(2, "step", 1);
        if (step == 0 || arguments.positional().isEmpty()) {
            throw new TemplateError("range() needs an end, and a step that is not zero");
        }
        List<Value> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (numbers.size() >= RANGE_MAX) {
                throw new TemplateError("Range too big. The sandbox blocks ranges larger than " + RANGE_MAX + ".");
            }
            numbers.add(new Value.Int(i));
            if (step > 0 ? i > Long.MAX_VALUE - step : i < Long.MIN_VALUE - step) {
                break;
            }
        }
        budget.spend(numbers.size());
        return Values.list(numbers);
    }

    private Map<Value, Value> entries(Arguments arguments) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        if (arguments.positional().size() > 1) {
            throw new TemplateError("expected at most 1 argument");
        }
        for (var given : arguments.positional()) {
            if (given instanceof Value.Dict d) {
                entries.putAll(d.entries());
            } else {
                for (var pair : Values.items(given)) {
                    var items = Values.items(pair);
                    if (items.size() != 2) {
                        throw new TemplateError("dict() takes a mapping or pairs");
                    }
                    entries.put(Values.key(items.get(0)), items.get(1));
                }
            }
        }
        arguments.named().forEach((name, value) -> entries.put(new Value.Str(name), value));
        budget.spend(entries.size());
        return Collections.unmodifiableMap(entries);
    }

    private Value namespace(Arguments arguments) {
        Map<String, Value> fields = new LinkedHashMap<>();
        entries(arguments).forEach((key, value) -> {
            if (!(key instanceof Value.Str name)) {
                throw new TemplateError("namespace() takes names");
            }
            fields.put(name.text(), value);
        });
        return new Value.Namespace(fields);
    }

    /** {@code joiner(', ')}: nothing at its first call, the separator at each later one. */
    private Value joiner(Arguments arguments) {
        var separator = arguments.only("joiner", "sep").get(0, "sep", new Value.Str(", "));
        var used = new boolean[1];
        return (Value.Function) call -> {
            call.only("joiner");
            boolean first = !used[0];
            used[0] = true;
            return first ? Value.Str.EMPTY : separator;
        };
    }
}
