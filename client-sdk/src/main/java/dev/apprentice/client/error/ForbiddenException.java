package dev.apprentice.client.error;

/** The key is good but does not allow this (403): it lacks a scope. */
public final class ForbiddenException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public ForbiddenException(Refusal refusal) {
        super(refusal);
    }
}
