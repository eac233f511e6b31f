package dev.apprentice.server.http;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.FetchFailedException;
import dev.apprentice.engine.ForbiddenException;
import dev.apprentice.engine.GoneException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.OverloadedException;
import dev.apprentice.engine.TooLargeException;
import dev.apprentice.engine.UnauthenticatedException;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.engine.UnprocessableException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error as HTTP tells it, before it takes the shape of one API.
 *
 * @param status the HTTP status
 * @param code stable, snake_case, documented
 * @param message one sentence for a person
 * @param field the request field to blame, or null
 * @param expected what would have been right, or null
 * @param found what was there instead, or null
 * @param headers what the status asks for besides the body
 */
public record Refusal(
        int status,
        String code,
        String message,
        @Nullable String field,
        @Nullable String expected,
        @Nullable String found,
        Map<String, String> headers) {

    /** How long a client should wait before it tries a server again that is starting or stopping. */
    private static final Duration UNAVAILABLE_RETRY = Duration.ofSeconds(5);

    public Refusal {
        headers = Map.copyOf(headers);
    }

    /** An error that HTTP itself brings, no single field being to blame. */
    public static Refusal of(int status, String code, String message) {
        return new Refusal(status, code, message, null, null, null, Map.of());
    }

    /** What the client is told of {@code error}. */
    public static Refusal of(ApprenticeException error) {
        return new Refusal(
                statusOf(error),
                error.code(),
                String.valueOf(error.getMessage()),
                error.field(),
                error.expected(),
                error.found(),
                headersOf(error));
    }

    /** The same with one more header. */
    public Refusal with(String header, String value) {
        var more = new java.util.HashMap<>(headers);
        more.put(header, value);
        return new Refusal(status, code, message, field, expected, found, more);
    }

    private static int statusOf(ApprenticeException error) {
        return switch (error) {
            case InvalidRequestException _ -> 400;
            case UnauthenticatedException _ -> 401;
            case ForbiddenException _ -> 403;
            case NotFoundException _ -> 404;
            case ConflictException _ -> 409;
            case GoneException _ -> 410;
            case TooLargeException _ -> 413;
            case UnprocessableException _ -> 422;
            case OverloadedException _ -> 429;
            case FailedException _ -> 500;
            case BadModelException _ -> 500; // a model or checkpoint of ours; an upload's is refused as 422 at its door
            case NotBuiltException _ -> 501;
            case FetchFailedException _ -> 503;
            case UnavailableException _ -> 503;
        };
    }

    private static Map<String, String> headersOf(ApprenticeException error) {
        return switch (error) {
            // OpenAI's clients repeat a 409 and whatever is above 500 unless told not to
            case ConflictException _, NotBuiltException _ -> Map.of("X-Should-Retry", "false");
            case OverloadedException overloaded -> Map.of("Retry-After", seconds(overloaded.retryAfter()));
            case UnavailableException _, FetchFailedException _ -> Map.of("Retry-After", seconds(UNAVAILABLE_RETRY));
            case UnauthenticatedException _ -> Map.of("WWW-Authenticate", "Bearer"); // RFC 9110 §15.5.2
            case InvalidRequestException _,
                    ForbiddenException _,
                    NotFoundException _,
                    GoneException _,
                    TooLargeException _,
                    UnprocessableException _,
                    FailedException _,
                    BadModelException _ -> Map.of();
        };
    }

    /** Whole seconds, rounded up, at least 1: what {@code Retry-After} takes (RFC 9110 §10.2.3). */
    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()));
    }
}
