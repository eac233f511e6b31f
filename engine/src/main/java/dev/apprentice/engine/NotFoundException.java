package dev.apprentice.engine;

import org.jspecify.annotations.Nullable;

/** No such instance, lesson, checkpoint or model (404). */
public final class NotFoundException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; {@code fault} names the value to blame. */
    public NotFoundException(String code, String message, Fault fault) {
        super(code, message, fault, null);
    }

    /** The same, caused by {@code cause}. */
    public NotFoundException(String code, String message, Fault fault, @Nullable Throwable cause) {
        super(code, message, fault, cause);
    }
}
