package dev.apprentice.server.grpc;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.server.security.Caller;
import io.grpc.Context;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** One call while it is handled: its thread is interrupted once, when there is no use in going on. */
final class Visit {
    static final Context.Key<Visit> KEY = Context.key("visit");

    /** Why a call was given up. */
    enum Cause {
        NONE,
        CLIENT_GONE,
        LATE,
        STOPPING
    }

    private final Runnable greeting;
    private final @Nullable String idempotencyKey;
    private final Runnable whenGivenUp;
    private Caller caller = Caller.LOCAL;
    private @Nullable Thread thread;
    private Cause cause = Cause.NONE;

    /**
     * A call.
     *
     * @param greeting tells the client that it has begun
     * @param idempotencyKey what its metadata says of that
     * @param whenGivenUp what else must hear that it is given up, beside who {@linkplain #waiting waits}
     */
    Visit(Runnable greeting, @Nullable String idempotencyKey, Runnable whenGivenUp) {
        this.greeting = greeting;
        this.idempotencyKey = idempotencyKey;
        this.whenGivenUp = whenGivenUp;
    }

    /** The call that this thread handles. */
    static Visit current() {
        var visit = KEY.get();
        if (visit == null) {
            throw new AssertionError("a call has come past the doorman");
        }
        return visit;
    }

    Caller caller() {
        return caller;
    }

    /** Tells the client that it was let in, where the first message may be long in coming. */
    void greet() {
        greeting.run();
    }

    /** The key under which the client would send the same again. */
    @Nullable
    String idempotencyKey() {
        return idempotencyKey;
    }

    /** What to throw where the thread was interrupted, or could not write on. */
    RuntimeException givenUp(Exception interruption) {
        return switch (cause()) {
            case STOPPING ->
                new UnavailableException(
                        "draining", "the server stopped before the answer was whole", Fault.NONE, interruption);
            case LATE ->
                Status.DEADLINE_EXCEEDED
                        .withDescription("the answer was not whole by the deadline")
                        .withCause(interruption)
                        .asRuntimeException();
            case CLIENT_GONE, NONE ->
                Status.CANCELLED
                        .withDescription("the client has gone")
                        .withCause(interruption)
                        .asRuntimeException();
        };
    }

    synchronized Cause cause() {
        return cause;
    }

    /** It is {@code caller} who calls. */
    void begin(Caller caller) {
        this.caller = caller;
    }

    /** Something that can be waited for. */
    @FunctionalInterface
    interface Wait<T> {
        T get() throws InterruptedException;
    }

    /**
     * Waits in this thread, which is interrupted if the call is given up: only here, for an interruption while a
     * message is written would close the connection under all other calls on it.
     */
    <T> T waiting(Wait<T> wait) throws InterruptedException {
        synchronized (this) {
            if (cause != Cause.NONE) {
                throw new InterruptedException("given up");
            }
            thread = Thread.currentThread();
        }
        try {
            return wait.get();
        } finally {
            synchronized (this) {
                thread = null;
                if (cause != Cause.NONE) {
                    Thread.interrupted();
                }
            }
        }
    }

    void giveUp(Cause why) {
        synchronized (this) {
            if (cause != Cause.NONE) {
                return;
            }
            cause = why;
            if (thread != null) {
                thread.interrupt();
            }
        }
        whenGivenUp.run();
    }
}
