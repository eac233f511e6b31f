package dev.apprentice.client.error;

/** The request is unreadable, or a field is missing, of the wrong type or out of range (400 and its kin): mend it. */
public final class InvalidRequestException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public InvalidRequestException(Refusal refusal) {
        super(refusal);
    }
}
