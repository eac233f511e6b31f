package dev.apprentice.engine;

import org.jspecify.annotations.Nullable;

/** Not able to answer at present, starting or draining: try later or elsewhere (503). */
public final class UnavailableException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; {@code fault} names the value to blame. */
    public UnavailableException(String code, String message, Fault fault) {
        super(code, message, fault, null);
    }

    /** The same, caused by {@code cause}. */
    public UnavailableException(String code, String message, Fault fault, @Nullable Throwable cause) {
        super(code, message, fault, cause);
    }
}
