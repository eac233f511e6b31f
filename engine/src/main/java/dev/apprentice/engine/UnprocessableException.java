package dev.apprentice.engine;

import org.jspecify.annotations.Nullable;

/** The request is well formed but asks for something impossible (422). */
public final class UnprocessableException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; {@code fault} names the value to blame. */
    public UnprocessableException(String code, String message, Fault fault) {
        super(code, message, fault, null);
    }

    /** The same, caused by {@code cause}. */
    public UnprocessableException(String code, String message, Fault fault, @Nullable Throwable cause) {
        super(code, message, fault, cause);
    }
}
