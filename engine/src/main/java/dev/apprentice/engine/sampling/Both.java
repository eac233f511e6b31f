package dev.apprentice.engine.sampling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What two forms have in common, as the product of their machines, with the places left out from which no text comes to
 * an end. Only for forms that do not hold themselves.
 */
final class Both {
    private static final int STEPS_MAX = 300_000;

    private final Map<Pair, Place> places = new LinkedHashMap<>();
    private final ArrayDeque<Place> todo = new ArrayDeque<>();
    private int steps;

    private Both() {}

    private record Pair(Machine.State first, Machine.State second) {
        boolean mayEnd() {
            return first.mayEnd() && second.mayEnd();
        }
    }

    private static final class Place {
        final Pair pair;
        final Map<Place, BitSet> ways = new LinkedHashMap<>();
        final List<Place> from = new ArrayList<>();
        final Form.Later form = new Form.Later();

        Place(Pair pair) {
            this.pair = pair;
        }
    }

    /** The texts that have both forms; none where they have none in common, or where it takes too long to tell. */
    static Optional<Form> of(Form first, Form second) {
        return Optional.ofNullable(new Both().product(first, second));
    }

    private @Nullable Form product(Form first, Form second) {
        var begin = place(
                new Pair(new Machine(new Form.Finish()).start(first), new Machine(new Form.Finish()).start(second)));
        while (!todo.isEmpty()) {
            if (!follow(todo.remove())) {
                return null;
            }
        }
        var alive = alive();
        alive.forEach(place -> place.form.is(form(place, alive)));
        return alive.contains(begin) ? begin.form : null;
    }

    private Place place(Pair pair) {
        return places.computeIfAbsent(pair, it -> {
            var place = new Place(it);
            todo.add(place);
            return place;
        });
    }

    /** Where {@code place} leads; false where that is too much. */
    private boolean follow(Place place) {
        var bytes = place.pair.first.bytes();
        bytes.and(place.pair.second.bytes());
        steps += bytes.cardinality();
        if (steps > STEPS_MAX) {
            return false;
        }
        place.pair.first.machine().rested();
        place.pair.second.machine().rested();
        for (int b = bytes.nextSetBit(0); b >= 0; b = bytes.nextSetBit(b + 1)) {
            var first = place.pair.first.step(b);
            var second = place.pair.second.step(b);
            if (first != null && second != null) {
                var next = place(new Pair(first, second));
                if (!place.ways.containsKey(next)) {
                    next.from.add(place);
                }
                place.ways.computeIfAbsent(next, _ -> new BitSet(256)).set(b);
            }
        }
        return true;
    }

    private Set<Place> alive() {
        var alive = new HashSet<Place>();
        var back = new ArrayDeque<Place>();
        places.values().stream().filter(place -> place.pair.mayEnd()).forEach(back::add);
        while (!back.isEmpty()) {
            var place = back.remove();
            if (alive.add(place)) {
                back.addAll(place.from);
            }
        }
        return alive;
    }

    private static Form form(Place place, Set<Place> alive) {
        var options = new ArrayList<Form>();
        if (place.pair.mayEnd()) {
            options.add(new Form.Empty());
        }
        place.ways.forEach((next, bytes) -> {
            if (alive.contains(next)) {
                options.add(new Form.Then(new Form.OneByte(bytes), next.form));
            }
        });
        return Forms.either(options);
    }
}
