package dev.apprentice.client.error;

/** It was there and has been collected (410). */
public final class GoneException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public GoneException(Refusal refusal) {
        super(refusal);
    }
}
