package dev.apprentice.engine;

import org.jspecify.annotations.Nullable;

/** The present state forbids it; repeating the request unchanged will not help (409). */
public final class ConflictException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; {@code fault} names the value to blame. */
    public ConflictException(String code, String message, Fault fault) {
        super(code, message, fault, null);
    }

    /** The same, caused by {@code cause}. */
    public ConflictException(String code, String message, Fault fault, @Nullable Throwable cause) {
        super(code, message, fault, cause);
    }
}
