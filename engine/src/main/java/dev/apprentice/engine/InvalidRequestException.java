package dev.apprentice.engine;

import org.jspecify.annotations.Nullable;

/** The request is unreadable, lacks a field, or a field has a wrong type or range: mend it and send again (400). */
public final class InvalidRequestException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; {@code fault} names the value to blame. */
    public InvalidRequestException(String code, String message, Fault fault) {
        super(code, message, fault, null);
    }

    /** The same, caused by {@code cause}. */
    public InvalidRequestException(String code, String message, Fault fault, @Nullable Throwable cause) {
        super(code, message, fault, cause);
    }
}
