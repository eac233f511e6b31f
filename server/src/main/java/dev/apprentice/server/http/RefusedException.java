package dev.apprentice.server.http;

/** A request that HTTP itself refuses: no such path or method, a foreign host, a body of an unknown type. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /** Refuses with {@code refusal}. */
    public RefusedException(Refusal refusal) {
        super(refusal.message());
        this.refusal = refusal;
    }

    /** What the client is told. */
    public Refusal refusal() {
        return refusal;
    }
}
