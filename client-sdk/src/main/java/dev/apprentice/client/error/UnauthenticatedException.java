package dev.apprentice.client.error;

/** The key is missing, unknown, expired or revoked (401). */
public final class UnauthenticatedException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public UnauthenticatedException(Refusal refusal) {
        super(refusal);
    }
}
