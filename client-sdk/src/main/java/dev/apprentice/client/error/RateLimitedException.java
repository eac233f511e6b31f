package dev.apprentice.client.error;

/** Too many requests or tokens (429); {@link #retryAfter} says when there is room again. */
public final class RateLimitedException extends RefusedException {
    private static final long serialVersionUID = 1;

    /**
     * Says {@code refusal}.
     *
     * @param refusal what the server said
     */
    public RateLimitedException(Refusal refusal) {
        super(refusal);
    }
}
