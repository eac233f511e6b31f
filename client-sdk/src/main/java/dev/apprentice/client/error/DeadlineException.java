package dev.apprentice.client.error;

import org.jspecify.annotations.Nullable;

/** The call took longer than it was given. What the server did with it is unknown. */
public final class DeadlineException extends ApprenticeException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code message}.
     *
     * @param message one sentence for a person
     */
    public DeadlineException(String message) {
        this(message, null);
    }

    /**
     * Says {@code message}; {@code cause} is what was caught.
     *
     * @param message one sentence for a person
     * @param cause what was caught, or null
     */
    public DeadlineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return "deadline_exceeded";
    }
}
