package dev.apprentice.server.http;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;

/** The query of a request: {@code ?limit=&after=} of every list, and what else a door takes. */
public final class Query {
    private static final int LIMIT_DEFAULT = 100;

    private Query() {}

    /** The value of {@code name}, if it is there and not empty. */
    public static Optional<String> text(ServerRequest request, String name) {
        return request.query().first(name).filter(value -> !value.isEmpty());
    }

    /** How many items a part of a list may have. */
    public static int limit(ServerRequest request) {
        var text = text(request, "limit");
        try {
            return text.map(Integer::parseInt).orElse(LIMIT_DEFAULT);
        } catch (NumberFormatException e) {
            var expected = "a whole number from 1 to 1000";
            throw new InvalidRequestException(
                    "invalid_value",
                    "limit must be " + expected + ", found " + text.orElse(""),
                    Fault.of("limit", expected, text.orElse("")),
                    e);
        }
    }
}
