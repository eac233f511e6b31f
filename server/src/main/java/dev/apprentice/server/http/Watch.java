package dev.apprentice.server.http;

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

    private final Presence presence;
    private final ClientLine line;
    private final Thread thread;
    private Cause cause = Cause.NONE;
    private boolean closed;

    Watch(Presence presence, ClientLine line, Thread thread) {
        this.presence = presence;
        this.line = line;
        this.thread = thread;
    }

    /** Why the thread was interrupted, if it was. */
    public synchronized Cause cause() {
        return cause;
    }

    synchronized void interrupt(Cause why) {
        if (!closed && cause == Cause.NONE) {
            cause = why;
            thread.interrupt();
        }
    }

    /** Ends the watch; an interruption of its making that nobody has noticed is taken back. */
    @Override
    public void close() {
        presence.forget(this);
        line.nobodyListens(this);
        synchronized (this) {
            closed = true;
            if (cause != Cause.NONE) {
                Thread.interrupted();
            }
        }
    }
}
