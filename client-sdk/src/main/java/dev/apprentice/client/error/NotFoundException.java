package dev.apprentice.client.error;

/** Nothing of that name is there, or not for this key (404). */
public final class NotFoundException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public NotFoundException(Refusal refusal) {
        super(refusal);
    }
}
