package dev.apprentice.server.security;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * How much a key may use.
 *
 * @param requestsPerMinute null for any number
 * @param tokensPerMinute of prompts and answers together, null for any number
 */
public record Limits(
        @Nullable Integer requestsPerMinute, @Nullable Integer tokensPerMinute) {
    /** No limit. */
    public static final Limits NONE = new Limits(null, null);

    private static final int MAX = 1_000_000_000;

    public Limits {
        check("requests_per_minute", requestsPerMinute);
        check("tokens_per_minute", tokensPerMinute);
    }

    private static void check(String field, @Nullable Integer value) {
        if (value != null && (value < 1 || value > MAX)) {
            var expected = "a whole number from 1 to " + MAX;
            throw new InvalidRequestException(
                    "invalid_value",
                    field + " must be " + expected + ", found " + value,
                    Fault.of(field, expected, value.toString()));
        }
    }
}
