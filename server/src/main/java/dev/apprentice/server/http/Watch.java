package dev.apprentice.server.http;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnavailableException;
import io.helidon.webserver.CloseConnectionException;
import org.jspecify.annotations.Nullable;

/** A request that is being watched: its thread is interrupted once, when there is no use in going on. */
public final class Watch implements AutoCloseable {

    /** Why a thread was interrupted. */
    public enum Cause {
        /** It was not. */
        NONE,
        /** The client has gone away. */
        CLIENT_GONE,
        /** The server stops. */
        STOPPING
    }

    /** What a watched thread does. */
    public enum Kind {
        /** It makes an answer, which a stopping server lets it finish. */
        ANSWERING,
        /** It tells events without an end, so a stopping server ends it at once. */
        LISTENING
    }

    private final Kind kind;
    private final Presence presence;
    private final @Nullable Departures departures;
    private final Thread thread;
    private Cause cause = Cause.NONE;
    private boolean closed;
    private boolean writing;
    private boolean pending;

    Watch(Kind kind, Presence presence, @Nullable Departures departures, Thread thread) {
        this.kind = kind;
        this.presence = presence;
        this.departures = departures;
        this.thread = thread;
    }

    /** Why the thread was interrupted, if it was. */
    public synchronized Cause cause() {
        return cause;
    }

    /** What to throw where the watched thread was interrupted: nobody waits for its answer any more. */
    public RuntimeException givenUp(InterruptedException interruption) {
        return switch (cause()) {
            case STOPPING ->
                new UnavailableException(
                        "draining", "the server stopped before the answer was whole", Fault.NONE, interruption);
            case CLIENT_GONE, NONE -> new CloseConnectionException("the client has gone", interruption);
        };
    }

    Kind kind() {
        return kind;
    }

    /** There is no use in going on, because of {@code why}; what comes later than the first changes nothing. */
    public synchronized void interrupt(Cause why) {
        if (!closed && cause == Cause.NONE) {
            cause = why;
            if (writing) {
                pending = true;
            } else {
                thread.interrupt();
            }
        }
    }

    /** Lets the watched thread do {@code write}; what would interrupt it meanwhile does so afterwards. */
    void uncut(Runnable write) {
        begin();
        try {
            write.run();
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        writing = true;
        pending = Thread.interrupted();
    }

    private synchronized void end() {
        writing = false;
        if (pending) {
            thread.interrupt();
        }
    }

    /** Ends the watch; an interruption of its making that nobody has noticed is taken back. */
    @Override
    public void close() {
        presence.forget(this);
        if (departures != null) {
            departures.nobodyListens(this);
        }
        synchronized (this) {
            closed = true;
            if (cause != Cause.NONE) {
                Thread.interrupted();
            }
        }
    }
}
