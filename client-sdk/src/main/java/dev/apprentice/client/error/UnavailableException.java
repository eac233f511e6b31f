package dev.apprentice.client.error;

/** The server is starting or stopping (503). */
public final class UnavailableException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public UnavailableException(Refusal refusal) {
        super(refusal);
    }
}
