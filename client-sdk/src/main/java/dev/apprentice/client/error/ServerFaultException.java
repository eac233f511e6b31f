package dev.apprentice.client.error;

/** A fault of the server (500, 502, 504), or something that is not built (501). */
public final class ServerFaultException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public ServerFaultException(Refusal refusal) {
        super(refusal);
    }
}
