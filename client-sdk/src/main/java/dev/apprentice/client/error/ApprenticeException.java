package dev.apprentice.client.error;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call did not do what it should. Either the server refused it ({@link RefusedException} and what is below it), or no
 * whole and readable answer came ({@link ConnectionException}, {@link DeadlineException}, {@link ProtocolException},
 * {@link CancelledException}).
 */
public abstract class ApprenticeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ApprenticeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** {@return the HTTP status (over gRPC, the HTTP status of the same meaning), or 0 if the server did not answer} */
    public int status() {
        return 0;
    }

    /** {@return a stable word in snake_case for what is wrong} */
    public abstract String code();

    /** {@return the field of the request that is to blame} */
    public Optional<String> field() {
        return Optional.empty();
    }

    /** {@return the id under which the server's log knows the request} */
    public Optional<String> requestId() {
        return Optional.empty();
    }

    /** {@return how long the server asks to wait before the next try} */
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }

    /** {@return whether it is certain that the server did nothing, so that a repeat cannot do anything twice} */
    public boolean nothingDone() {
        return false;
    }

    /** {@return whether the same call may succeed a little later} */
    public boolean mayPass() {
        return false;
    }
}
