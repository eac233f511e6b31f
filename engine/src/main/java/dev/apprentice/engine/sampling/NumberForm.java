package dev.apprentice.engine.sampling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a schema with bounds or steps, as decimals without an exponent: up to 18 digits on either side of the
 * point.
 */
final class NumberForm {
    static final Set<String> KEYWORDS =
            Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");
    private static final long WIDE = 999_999_999_999_999_999L;

    /** As many digits as doubles have: readers reckon with them whether a number is a multiple of another. */
    private static final int DIGITS_OF_MULTIPLES = 15;

    private static final int LISTED_MAX = 1000;

    private final ObjectNode schema;
    private final String path;

    private NumberForm(ObjectNode schema, String path) {
        this.schema = schema;
        this.path = path;
    }

    static Form integer(ObjectNode schema, String path) {
        return KEYWORDS.stream().noneMatch(schema::has) ? JsonForms.INTEGER : new NumberForm(schema, path).integers();
    }

    static Form number(ObjectNode schema, String path) {
        return KEYWORDS.stream().noneMatch(schema::has) ? JsonForms.NUMBER : new NumberForm(schema, path).decimals();
    }

    private Form integers() {
        var least = lower();
        var most = upper();
        long min = least == null ? -WIDE : whole(least.value(), least.open(), RoundingMode.CEILING, 1);
        long max = most == null ? WIDE : whole(most.value(), most.open(), RoundingMode.FLOOR, -1);
        var step = step();
        if (step == null) {
            return nonempty(min, max);
        }
        if (step.stripTrailingZeros().scale() > 0) {
            // the multiples of 0.5 hold all integers; of 0.4 those of 2
            var unit = step.stripTrailingZeros().unscaledValue();
            var ten = BigInteger.TEN.pow(step.stripTrailingZeros().scale());
            step = new BigDecimal(unit.divide(unit.gcd(ten)));
        }
        return multiples(min, max, step.longValueExact());
    }

    /** An open end moves to the next whole number. */
    private static long whole(BigDecimal bound, boolean open, RoundingMode inwards, int next) {
        var whole = bound.setScale(0, inwards);
        return whole.longValueExact() + (open && whole.compareTo(bound) == 0 ? next : 0);
    }

    private Form nonempty(long min, long max) {
        if (max < min) {
            throw SchemaForm.unsupported(path, "leaves no number between its bounds");
        }
        return Forms.integers(min, max);
    }

    private Form multiples(long min, long max, long step) {
        long first = Math.ceilDiv(min, step);
        long last = Math.floorDiv(max, step);
        nonempty(first, last);
        if (last - first < LISTED_MAX) {
            return Forms.texts(LongStream.rangeClosed(first, last)
                    .mapToObj(times -> Long.toString(times * step))
                    .toList());
        }
        return both(new Multiples(checked(step), 0).form(), Forms.integers(min, max));
    }

    private int checked(long step) {
        if (step > Multiples.STEP_MAX) {
            throw SchemaForm.unsupported(
                    path + ".multipleOf", "is not supported above " + Multiples.STEP_MAX + " in so wide a range");
        }
        return (int) step;
    }

    private Form both(Form first, Form second) {
        return Both.of(first, second)
                .orElseThrow(() -> SchemaForm.unsupported(
                        path + ".multipleOf", "leaves no number, or takes too long to be combined with the bounds"));
    }

    private Form decimals() {
        var within = within();
        var step = step();
        if (step == null) {
            return within;
        }
        var plain = step.stripTrailingZeros();
        int places = Math.max(0, plain.scale());
        if (places > Multiples.PLACES_MAX) {
            throw SchemaForm.unsupported(
                    path + ".multipleOf", "is not supported with more than " + Multiples.PLACES_MAX + " decimals");
        }
        long units = plain.movePointRight(places).longValueExact();
        return both(new Multiples(checked(units), places).form(), within);
    }

    private Form within() {
        var least = lower();
        var most = upper();
        if (least != null && most != null) {
            int order = least.value().compareTo(most.value());
            if (order > 0 || (order == 0 && (least.open() || most.open()))) {
                throw SchemaForm.unsupported(path, "leaves no number between its bounds");
            }
        }
        var options = new ArrayList<Form>();
        if (most == null || most.value().signum() >= 0) {
            var from = least == null || least.value().signum() < 0 ? new Decimals.Bound(BigDecimal.ZERO, false) : least;
            new Decimals(from, most).form().ifPresent(options::add);
        }
        if (least == null || least.value().signum() < 0) {
            var from = most == null || most.value().signum() >= 0
                    ? new Decimals.Bound(BigDecimal.ZERO, true)
                    : most.negated();
            new Decimals(from, least == null ? null : least.negated())
                    .form()
                    .ifPresent(form -> options.add(new Form.Then(Forms.text("-"), form)));
        }
        if (options.isEmpty()) {
            throw SchemaForm.unsupported(path, "leaves no number between its bounds");
        }
        return Forms.either(options);
    }

    private Decimals.@Nullable Bound lower() {
        var bound = tighter("minimum", "exclusiveMinimum", 1);
        var farthest = farthest();
        return bound == null && farthest != null ? farthest.negated() : bound;
    }

    private Decimals.@Nullable Bound upper() {
        var bound = tighter("maximum", "exclusiveMaximum", -1);
        return bound == null ? farthest() : bound;
    }

    /** How far multiples go where the schema sets no bound. */
    private Decimals.@Nullable Bound farthest() {
        var step = step();
        if (step == null) {
            return null;
        }
        int places = Math.max(0, step.stripTrailingZeros().scale());
        return new Decimals.Bound(BigDecimal.TEN.pow(Math.max(0, DIGITS_OF_MULTIPLES - places)), true);
    }

    private Decimals.@Nullable Bound tighter(String closed, String open, int inwards) {
        var bounds = new ArrayList<Decimals.Bound>();
        decimal(closed).ifPresent(value -> bounds.add(new Decimals.Bound(value, false)));
        decimal(open).ifPresent(value -> bounds.add(new Decimals.Bound(value, true)));
        if (bounds.size() == 2) {
            int order = Integer.signum(
                    bounds.getFirst().value().compareTo(bounds.getLast().value()));
            bounds.remove(order == inwards ? 1 : 0);
        }
        return bounds.isEmpty() ? null : bounds.getFirst();
    }

    private Optional<BigDecimal> decimal(String keyword) {
        var found = schema.get(keyword);
        if (found == null) {
            return Optional.empty();
        }
        if (!found.isNumber()) {
            throw SchemaForm.unsupported(path + "." + keyword, "must be a number");
        }
        var value = found.decimalValue();
        if (value.abs().compareTo(BigDecimal.valueOf(WIDE)) > 0
                || value.stripTrailingZeros().scale() > 15) {
            throw SchemaForm.unsupported(path + "." + keyword, "has more digits than can be enforced");
        }
        return Optional.of(value);
    }

    private @Nullable BigDecimal step() {
        var step = decimal("multipleOf").orElse(null);
        if (step != null && step.signum() <= 0) {
            throw SchemaForm.unsupported(path + ".multipleOf", "must be above 0");
        }
        return step;
    }
}
