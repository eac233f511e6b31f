package dev.apprentice.client.error;

import java.time.Duration;
import java.util.Optional;

/** The server read the call and refused it. */
public abstract class RefusedException extends ApprenticeException {
    private static final long serialVersionUID = 1;

    /** All that the server said. */
    private final Refusal refusal;

    RefusedException(Refusal refusal) {
        super(
                refusal.message() + " (" + refusal.code()
                        + refusal.requestId().map(id -> ", request " + id).orElse("") + ")",
                null);
        this.refusal = refusal;
    }

    /** {@return all that the server said} */
    public final Refusal refusal() {
        return refusal;
    }

    @Override
    public final int status() {
        return refusal.status();
    }

    @Override
    public final String code() {
        return refusal.code();
    }

    @Override
    public final Optional<String> field() {
        return refusal.field();
    }

    @Override
    public final Optional<String> requestId() {
        return refusal.requestId();
    }

    @Override
    public final Optional<Duration> retryAfter() {
        return refusal.retryAfter();
    }

    /**
     * True for 429 and 503, which are said before anything is done; {@code X-Should-Retry: false} takes it back, and so
     * does an answer that has begun.
     */
    @Override
    public final boolean nothingDone() {
        return mayPass() && !refusal.afterBeginning() && (refusal.status() == 429 || refusal.status() == 503);
    }

    /** True for 408, 425, 429, 500, 502, 503 and 504, unless the server said otherwise. */
    @Override
    public final boolean mayPass() {
        return refusal.shouldRetry().orElseGet(() -> switch (refusal.status()) {
            case 408, 425, 429, 500, 502, 503, 504 -> true;
            default -> false;
        });
    }
}
