package dev.apprentice.server.security;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody sent to say who he is. A query is never looked at: addresses end up in logs and histories.
 *
 * @param authorization the header {@code Authorization}, or null
 * @param apiKey the header {@code x-api-key}, or null
 */
public record Credentials(
        @Nullable String authorization, @Nullable String apiKey) {
    private static final HeaderName API_KEY = HeaderNames.create("x-api-key");
    private static final String BEARER = "bearer ";

    /** What {@code request} brings. */
    public static Credentials of(ServerRequest request) {
        var headers = request.headers();
        return new Credentials(
                headers.first(HeaderNames.AUTHORIZATION).orElse(null),
                headers.first(API_KEY).orElse(null));
    }

    /** The key that was sent; the scheme's case does not matter (RFC 9110 §11.1). */
    Optional<String> key() {
        if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        return Optional.ofNullable(apiKey).map(String::strip);
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "Credentials[" + (key().isPresent() ? "a key" : "none") + "]";
    }
}
