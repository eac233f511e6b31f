package dev.apprentice.server.grpc;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;

/** How long the parts of lists are; as over HTTP. */
final class Paging {
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1000;

    private Paging() {}

    /** The length that was asked for, if one {@code isSet}. */
    static int limit(boolean isSet, int limit) {
        if (!isSet) {
            return LIMIT_DEFAULT;
        }
        if (limit < 1 || limit > LIMIT_MAX) {
            var expected = "a whole number from 1 to " + LIMIT_MAX;
            throw new InvalidRequestException(
                    "invalid_value",
                    "limit must be " + expected + ", found " + limit,
                    Fault.of("limit", expected, Integer.toString(limit)));
        }
        return limit;
    }
}
