package dev.apprentice.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Set;

/**
 * Lets the web pages of some origins call the server from a browser (Fetch, "CORS protocol"). A preflight brings no key
 * and is answered without one. Whether a request is served is not decided here: an origin that is not in the list gets
 * no allow header, and its browser keeps the answer from the page. Credentials that a browser adds by itself, such as
 * cookies, are never allowed; a key is sent by the page.
 */
public final class Cors {
    private static final HeaderName REQUEST_METHOD = HeaderNames.create("Access-Control-Request-Method");
    private static final HeaderName REQUEST_HEADERS = HeaderNames.create("Access-Control-Request-Headers");
    private static final HeaderName ALLOW_ORIGIN = HeaderNames.create("Access-Control-Allow-Origin");
    private static final String EXPOSED = "x-request-id, retry-after, location, x-should-retry,"
            + " x-ratelimit-limit-requests, x-ratelimit-remaining-requests, x-ratelimit-reset-requests,"
            + " x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens, x-ratelimit-reset-tokens";
    private static final String MAX_AGE_SECONDS = "600";

    private Cors() {}

    /**
     * The filter that tells browsers.
     *
     * @param origins such as {@code https://app.example}, or {@code *} for all
     */
    public static Filter filter(Set<String> origins) {
        return (chain, request, response) -> {
            var origin = request.headers().first(HeaderNames.ORIGIN).orElse("");
            if (!origins.isEmpty()) {
                response.header(HeaderNames.VARY, "Origin"); // the same address answers another origin otherwise
            }
            if (origins.contains(origin) || (!origin.isEmpty() && origins.contains("*"))) {
                response.header(ALLOW_ORIGIN, origins.contains("*") ? "*" : origin);
                response.header("Access-Control-Expose-Headers", EXPOSED);
                if (isPreflight(request)) {
                    answer(request, response);
                    return;
                }
            }
            chain.proceed();
        };
    }

    private static boolean isPreflight(ServerRequest request) {
        return request.prologue().method().equals(Method.OPTIONS)
                && request.headers().contains(REQUEST_METHOD);
    }

    private static void answer(ServerRequest request, ServerResponse response) {
        response.header("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
        request.headers()
                .first(REQUEST_HEADERS)
                .ifPresent(wanted -> response.header("Access-Control-Allow-Headers", wanted));
        response.header("Access-Control-Max-Age", MAX_AGE_SECONDS);
        response.status(Status.NO_CONTENT_204).send();
    }
}
