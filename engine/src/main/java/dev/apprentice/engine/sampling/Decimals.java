package dev.apprentice.engine.sampling;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The decimals from one that is not below 0 to another, digit by digit. */
final class Decimals {
    private static final int PLACES = 18;
    private static final long WIDE = 999_999_999_999_999_999L;

    private final long from;
    private final long to;
    private final String low;
    private final String high;
    private final boolean lowOpen;
    private final boolean highOpen;
    private final boolean bounded;
    private final Map<List<Object>, Optional<Form>> tails = new HashMap<>();

    /** An end of a range; an open one is not part of it. */
    record Bound(BigDecimal value, boolean open) {
        Bound negated() {
            return new Bound(value.negate(), open);
        }
    }

    /** From {@code least} to {@code most}, or as far as 18 digits go. */
    Decimals(Bound least, @Nullable Bound most) {
        this.from = least.value().setScale(0, RoundingMode.FLOOR).longValueExact();
        this.low = places(least.value());
        this.lowOpen = least.open();
        this.bounded = most != null;
        this.to = most == null
                ? WIDE
                : most.value().setScale(0, RoundingMode.FLOOR).longValueExact();
        this.high = most == null ? "" : places(most.value());
        this.highOpen = most != null && most.open();
    }

    /** The digits behind the point. */
    private static String places(BigDecimal value) {
        return value.remainder(BigDecimal.ONE)
                .setScale(PLACES, RoundingMode.UNNECESSARY)
                .unscaledValue()
                .add(BigDecimal.TEN.pow(PLACES).toBigIntegerExact())
                .toString()
                .substring(1);
    }

    /** The form, if there is any such number. */
    Optional<Form> form() {
        var options = new ArrayList<Form>();
        if (from == to) {
            whole(from, true, bounded).ifPresent(options::add);
        } else {
            whole(from, true, false).ifPresent(options::add);
            if (to - from > 1) {
                options.add(Forms.then(
                        Forms.integers(from + 1, to - 1), point(false, false).orElseThrow()));
            }
            whole(to, false, bounded).ifPresent(options::add);
        }
        return options.isEmpty() ? Optional.empty() : Optional.of(Forms.either(options));
    }

    private Optional<Form> whole(long number, boolean atLow, boolean atHigh) {
        return point(atLow, atHigh).map(rest -> Forms.then(Forms.text(Long.toString(number)), rest));
    }

    /** What may follow the whole part, which is that of the low or the high end, or neither. */
    private Optional<Form> point(boolean atLow, boolean atHigh) {
        var options = new ArrayList<Form>();
        if (mayEnd(0, atLow, atHigh)) {
            options.add(new Form.Empty());
        }
        digit(0, atLow, atHigh).ifPresent(digits -> options.add(Forms.then(Forms.text("."), digits)));
        return options.isEmpty() ? Optional.empty() : Optional.of(Forms.either(options));
    }

    private boolean mayEnd(int at, boolean atLow, boolean atHigh) {
        boolean aboveLow = !atLow || (zero(low, at) && !lowOpen);
        boolean belowHigh = !atHigh || !zero(high, at) || !highOpen;
        return aboveLow && belowHigh;
    }

    private static boolean zero(String digits, int from) {
        return digits.chars().skip(from).allMatch(digit -> digit == '0');
    }

    private Optional<Form> tail(int at, boolean atLow, boolean atHigh) {
        var key = List.<Object>of(at, atLow, atHigh);
        var known = tails.get(key);
        if (known == null) {
            var options = new ArrayList<Form>();
            if (mayEnd(at, atLow, atHigh)) {
                options.add(new Form.Empty());
            }
            digit(at, atLow, atHigh).ifPresent(options::add);
            known = options.isEmpty() ? Optional.empty() : Optional.of(Forms.either(options));
            tails.put(key, known);
        }
        return known;
    }

    private Optional<Form> digit(int at, boolean atLow, boolean atHigh) {
        if (at == PLACES) {
            return Optional.empty();
        }
        var options = new ArrayList<Form>();
        char least = atLow ? low.charAt(at) : '0';
        char most = atHigh ? high.charAt(at) : '9';
        for (char digit = least; digit <= most; digit++) {
            char said = digit;
            tail(at + 1, atLow && digit == least, atHigh && digit == most)
                    .ifPresent(rest -> options.add(new Form.Then(Forms.range(said, said), rest)));
        }
        return options.isEmpty() ? Optional.empty() : Optional.of(Forms.either(options));
    }
}
