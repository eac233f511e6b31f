package dev.apprentice.server.http;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The query of a request: {@code ?limit=&after=} of every list, and what else a door takes. */
public final class Query {
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1000;

    private Query() {}

    /** The value of {@code name}, if it is there and not empty. */
    public static Optional<String> text(ServerRequest request, String name) {
        return request.query().first(name).filter(value -> !value.isEmpty());
    }

    /** How many items a part of a list may have. */
    public static int limit(ServerRequest request) {
        return limit(text(request, "limit").orElse(null));
    }

    /** The same from what was {@code asked} for; null is nothing. */
    public static int limit(@Nullable String asked) {
        if (asked == null) {
            return LIMIT_DEFAULT;
        }
        try {
            var limit = Integer.parseInt(asked);
            if (limit >= 1 && limit <= LIMIT_MAX) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        var expected = "a whole number from 1 to " + LIMIT_MAX;
        throw new InvalidRequestException(
                "invalid_value", "limit must be " + expected + ", found " + asked, Fault.of("limit", expected, asked));
    }
}
