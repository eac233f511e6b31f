package dev.apprentice.client.error;

/** The state of the thing forbids it (409): look at it again before the next try. */
public final class ConflictException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public ConflictException(Refusal refusal) {
        super(refusal);
    }
}
