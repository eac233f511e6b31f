package dev.apprentice.client.error;

import org.jspecify.annotations.Nullable;

/** The connection could not be made, or broke before the answer was whole. */
public final class ConnectionException extends ApprenticeException {
    private static final long serialVersionUID = 1;

    /** Whether there was a connection, which then broke. */
    private final boolean connected;

    private ConnectionException(String message, boolean connected, @Nullable Throwable cause) {
        super(message, cause);
        this.connected = connected;
    }

    /**
     * No connection came about: the server has seen nothing.
     *
     * @param message one sentence for a person
     * @param cause what was caught, or null
     * @return the exception, to be thrown
     */
    public static ConnectionException refused(String message, @Nullable Throwable cause) {
        return new ConnectionException(message, false, cause);
    }

    /**
     * The connection broke: what the server did is unknown.
     *
     * @param message one sentence for a person
     * @param cause what was caught, or null
     * @return the exception, to be thrown
     */
    public static ConnectionException broken(String message, @Nullable Throwable cause) {
        return new ConnectionException(message, true, cause);
    }

    @Override
    public String code() {
        return connected ? "connection_broken" : "connection_refused";
    }

    @Override
    public boolean nothingDone() {
        return !connected;
    }

    @Override
    public boolean mayPass() {
        return true;
    }
}
