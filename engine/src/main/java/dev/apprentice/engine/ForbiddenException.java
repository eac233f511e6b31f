package dev.apprentice.engine;

/** It is known who asks, and that is not enough (403). */
public final class ForbiddenException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; {@code fault} names what would have been needed. */
    public ForbiddenException(String code, String message, Fault fault) {
        super(code, message, fault, null);
    }
}
