package dev.apprentice.client.error;

/** Well formed, but impossible (422). */
public final class UnprocessableException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public UnprocessableException(Refusal refusal) {
        super(refusal);
    }
}
