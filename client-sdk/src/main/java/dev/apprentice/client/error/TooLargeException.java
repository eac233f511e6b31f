package dev.apprentice.client.error;

/** The body is larger than the server takes (413). */
public final class TooLargeException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public TooLargeException(Refusal refusal) {
        super(refusal);
    }
}
