package dev.apprentice.server.http;

import java.time.Duration;

/**
 * How long the next bytes of a connection may be waited for. A client that sends a byte now and then is never silent,
 * so it is the whole that is timed: a head from its first byte, and of a body the time spent waiting, measured against
 * what has come. Used by the thread that handles the connection's requests.
 */
final class Pace {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Patience patience;
    private Phase phase = Phase.BETWEEN;
    private long headEndsNanos;
    private long waitedNanos;
    private long bytes;

    private enum Phase {
        /** No byte of the next request has come. */
        BETWEEN,
        /** The head is coming. */
        HEAD,
        /** The request is being handled, and perhaps its body read. */
        BODY,
        /** No request may follow. */
        OVER,
        /** No request can be told from another here, nor one that is waited for from silence. */
        OPEN
    }

    Pace(Patience patience) {
        this.patience = patience;
    }

    /** From now on nothing is timed: many requests share the connection. */
    void open() {
        phase = Phase.OPEN;
    }

    /** The head is whole. */
    void headDone() {
        phase = Phase.BODY;
        waitedNanos = 0;
        bytes = 0;
    }

    /** The request has been answered; none may follow where it was the {@code last}. */
    void requestDone(boolean last) {
        phase = last ? Phase.OVER : Phase.BETWEEN;
    }

    /** Whether no request may follow. */
    boolean over() {
        return phase == Phase.OVER;
    }

    /** How long to wait now. */
    long patienceNanos(long nowNanos) {
        return switch (phase) {
            case BETWEEN -> patience.idle().toNanos();
            case HEAD -> Math.max(0, headEndsNanos - nowNanos);
            case OPEN -> Long.MAX_VALUE;
            case OVER -> 0;
            case BODY ->
                Math.clamp(allowedNanos() - waitedNanos, 0, patience.idle().toNanos());
        };
    }

    /** That {@code count} bytes have come at {@code nowNanos}, after {@code spentNanos} of waiting. */
    void came(int count, long nowNanos, long spentNanos) {
        switch (phase) {
            case BETWEEN -> {
                phase = Phase.HEAD;
                headEndsNanos = nowNanos + patience.head().toNanos();
            }
            case HEAD, OPEN, OVER -> {}
            case BODY -> {
                waitedNanos += spentNanos;
                bytes += count;
            }
        }
    }

    private long allowedNanos() {
        return patience.head().toNanos() + bytes * SECOND / patience.bodyBytesPerSecondMin();
    }
}
