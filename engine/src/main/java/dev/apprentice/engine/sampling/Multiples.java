package dev.apprentice.engine.sampling;

import java.util.ArrayList;

/**
 * The decimals that are a multiple of some units in the last of a few places: what has been said counts by its
 * remainder.
 */
final class Multiples {
    static final int STEP_MAX = 500;
    static final int PLACES_MAX = 6;

    private final int step;
    private final int places;
    private final Form.Later[][] digits;

    /** The multiples of {@code step} units of the {@code places}th decimal. */
    Multiples(int step, int places) {
        this.step = step;
        this.places = places;
        this.digits = new Form.Later[places + 1][step];
        for (var row : digits) {
            for (int i = 0; i < step; i++) {
                row[i] = new Form.Later();
            }
        }
        for (int place = 0; place <= places; place++) {
            for (int rest = 0; rest < step; rest++) {
                digits[place][rest].is(tail(place, rest));
            }
        }
    }

    Form form() {
        var first = new ArrayList<Form>();
        first.add(new Form.Then(Forms.text("0"), fraction(0)));
        for (char digit = '1'; digit <= '9'; digit++) {
            first.add(said(digit, 0, 0));
        }
        return new Form.Then(Forms.maybe(Forms.text("-")), Forms.either(first));
    }

    /** What may follow when {@code place} decimals have been said (0: when the whole part is being said). */
    private Form tail(int place, int rest) {
        if (place == 0) {
            var options = new ArrayList<Form>();
            options.add(fraction(rest));
            for (char digit = '0'; digit <= '9'; digit++) {
                options.add(said(digit, 0, rest));
            }
            return Forms.either(options);
        }
        return decimals(place, rest, whole(place, rest));
    }

    private Form fraction(int rest) {
        var point = new Form.Then(Forms.text("."), places == 0 ? never() : decimals(0, rest, false));
        var options = new ArrayList<Form>();
        if (whole(0, rest)) {
            options.add(new Form.Empty());
        }
        options.add(point);
        return Forms.either(options);
    }

    private Form decimals(int place, int rest, boolean mayEnd) {
        var options = new ArrayList<Form>();
        if (mayEnd) {
            options.add(new Form.Empty());
        }
        for (char digit = '0'; digit <= '9' && place < places; digit++) {
            options.add(said(digit, place + 1, rest));
        }
        return new Form.Either(options.toArray(Form[]::new));
    }

    private Form said(char digit, int place, int rest) {
        return new Form.Then(Forms.range(digit, digit), digits[place][(rest * 10 + digit - '0') % step]);
    }

    /** Whether what has been said is a multiple, noughts in the places that have not. */
    private boolean whole(int place, int rest) {
        long padded = rest;
        for (int i = place; i < places; i++) {
            padded = padded * 10 % step;
        }
        return padded == 0;
    }

    /** No text at all. */
    private static Form never() {
        return new Form.Either();
    }
}
