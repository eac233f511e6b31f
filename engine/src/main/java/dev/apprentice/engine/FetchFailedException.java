package dev.apprentice.engine;

import org.jspecify.annotations.Nullable;

/** No source of a model could be reached or trusted; the message names each and what to do. */
public final class FetchFailedException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; {@code fault} names the value to blame. */
    public FetchFailedException(String code, String message, Fault fault) {
        super(code, message, fault, null);
    }

    /** The same, caused by {@code cause}. */
    public FetchFailedException(String code, String message, Fault fault, @Nullable Throwable cause) {
        super(code, message, fault, cause);
    }
}
