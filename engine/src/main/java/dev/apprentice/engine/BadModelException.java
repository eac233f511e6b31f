package dev.apprentice.engine;

import org.jspecify.annotations.Nullable;

/** A model or adapter file is missing, damaged, contradictory or of an unsupported kind. */
public final class BadModelException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; {@code fault} names the value to blame. */
    public BadModelException(String code, String message, Fault fault) {
        super(code, message, fault, null);
    }

    /** The same, caused by {@code cause}. */
    public BadModelException(String code, String message, Fault fault, @Nullable Throwable cause) {
        super(code, message, fault, cause);
    }
}
