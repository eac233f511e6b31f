package dev.apprentice.learner.store;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list that grows at its end: rows after {@link #after}, at most {@link #limit} of them.
 *
 * @param after sequence number of the last row seen, 0 at the beginning
 * @param limit how many rows a part has, at most
 */
public record Cursor(long after, int limit) {
    private static final int LIMIT_MAX = 1000;

    /**
     * The place that {@code after}, an earlier {@link Page#next()} or null, names.
     *
     * @throws InvalidRequestException naming {@code after} or {@code limit}
     */
    public static Cursor at(@Nullable String after, int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw bad("limit", "1 to " + LIMIT_MAX, Integer.toString(limit));
        }
        if (after == null) {
            return new Cursor(0, limit);
        }
        try {
            return new Cursor(Long.parseUnsignedLong(after, Character.MAX_RADIX), limit);
        } catch (NumberFormatException e) {
            throw bad("after", "the next of an earlier page", after);
        }
    }

    /** The page made of {@code rows}, of which one more than the limit was asked for. */
    public <R, T> Page<T> page(List<R> rows, ToLongFunction<R> sequence, Function<R, T> item) {
        var data = rows.stream().limit(limit).map(item).toList();
        var more = rows.size() > limit;
        var next = more ? Long.toString(sequence.applyAsLong(rows.get(limit - 1)), Character.MAX_RADIX) : null;
        return new Page<>(data, next);
    }

    private static InvalidRequestException bad(String field, String expected, String found) {
        return new InvalidRequestException(
                "invalid_value", field + " must be " + expected + ", found " + found, Fault.of(field, expected, found));
    }
}
