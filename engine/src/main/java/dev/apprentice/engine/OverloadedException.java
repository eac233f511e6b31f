package dev.apprentice.engine;

import java.time.Duration;

/** Too many requests wait already: come back after {@link #retryAfter()} (429). */
public final class OverloadedException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** An error with a stable {@code code} and the time after which another try makes sense. */
    public OverloadedException(String code, String message, Duration retryAfter) {
        super(code, message, Fault.NONE, null);
        this.retryAfter = retryAfter;
    }

    /** How long to wait before trying again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
