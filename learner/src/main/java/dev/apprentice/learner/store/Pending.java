package dev.apprentice.learner.store;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnavailableException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Work that was handed to the writer and will be durable, or refused, soon. */
public final class Pending<T extends @Nullable Object> {
    private final CountDownLatch settled = new CountDownLatch(1);
    private @Nullable T result;
    private @Nullable RuntimeException failure;

    Pending() {}

    void succeed(T result) {
        this.result = result;
        settled.countDown();
    }

    void fail(RuntimeException failure) {
        this.failure = failure;
        settled.countDown();
    }

    /**
     * Waits until the work is durable and returns its result.
     *
     * @throws UnavailableException code {@code interrupted}, the thread still interrupted; the work is done
     *     nevertheless
     */
    @SuppressWarnings("NullAway") // a result may be null exactly where T may be
    public T await() {
        try {
            settled.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    /** Whoever waits for the store and is told to stop hears this. */
    static UnavailableException interrupted(Exception cause) {
        return new UnavailableException("interrupted", "interrupted while waiting for the store", Fault.NONE, cause);
    }
}
