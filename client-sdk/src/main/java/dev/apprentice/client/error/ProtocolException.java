package dev.apprentice.client.error;

import org.jspecify.annotations.Nullable;

/**
 * What came is not what the contract says: another content type, unreadable JSON, a missing field, a body without end.
 */
public final class ProtocolException extends ApprenticeException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code message}.
     *
     * @param message one sentence for a person
     */
    public ProtocolException(String message) {
        this(message, null);
    }

    /**
     * Says {@code message}; {@code cause} is what was caught.
     *
     * @param message one sentence for a person
     * @param cause what was caught, or null
     */
    public ProtocolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String code() {
        return "unreadable_answer";
    }
}
