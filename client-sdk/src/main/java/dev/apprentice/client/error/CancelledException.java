package dev.apprentice.client.error;

import org.jspecify.annotations.Nullable;

/** The thread was interrupted, or the stream or client was closed, before the answer was whole. */
public final class CancelledException extends ApprenticeException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code message}.
     *
     * @param message one sentence for a person
     */
    public CancelledException(String message) {
        this(message, null);
    }

    /**
     * Says {@code message}; {@code cause} is what was caught.
     *
     * @param message one sentence for a person
     * @param cause what was caught, or null
     */
    public CancelledException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return "cancelled";
    }
}
