package dev.apprentice.engine;

/** Nobody knows who asks: there is no key, or none that is good (401). */
public final class UnauthenticatedException extends ApprenticeException {
    private static final long serialVersionUID = 1L;

    /** An error with a stable {@code code}; the message never repeats what was sent as a key. */
    public UnauthenticatedException(String code, String message) {
        super(code, message, Fault.NONE, null);
    }
}
