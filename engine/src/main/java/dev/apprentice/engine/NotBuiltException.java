package dev.apprentice.engine;

import org.jspecify.annotations.Nullable;

/** Described in the contract and not built yet (501). */
public final class NotBuiltException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; {@code fault} names the value to blame. */
    public NotBuiltException(String code, String message, Fault fault) {
        super(code, message, fault, null);
    }

    /** The same, caused by {@code cause}. */
    public NotBuiltException(String code, String message, Fault fault, @Nullable Throwable cause) {
        super(code, message, fault, cause);
    }
}
