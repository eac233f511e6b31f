package dev.apprentice.engine;

import org.jspecify.annotations.Nullable;

/** A fault of ours: an invariant broke or a native call failed (500). */
public final class FailedException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; {@code fault} names the value to blame. */
    public FailedException(String code, String message, Fault fault) {
        super(code, message, fault, null);
    }

    /** The same, caused by {@code cause}. */
    public FailedException(String code, String message, Fault fault, @Nullable Throwable cause) {
        super(code, message, fault, cause);
    }
}
