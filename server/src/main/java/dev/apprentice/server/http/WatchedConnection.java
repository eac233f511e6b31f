package dev.apprentice.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose protocol is told from its first bytes: HTTP/2 begins with a preface that no HTTP/1.1 request can
 * begin with (RFC 9113 §3.4). They are waited for as the head of a request is, so that a client which says nothing, or
 * half of a word, does not keep its place for ever. Handled by one thread; closed by any.
 */
final class WatchedConnection implements ServerConnection, InterruptableTask<Void> {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final DataReader reader;
    private final Pace pace;
    private final Function<Protocol, ServerConnection> taker;
    private final long startNanos = System.nanoTime();
    private volatile @Nullable ServerConnection known;
    private volatile @Nullable Thread handler;
    private volatile boolean closed;

    /** What may be spoken on a connection. */
    enum Protocol {
        HTTP_1_1,
        HTTP_2
    }

    /**
     * Waits for the first bytes when it is handled.
     *
     * @param reader what the client sends, from the beginning
     * @param pace how long that is waited for
     * @param taker who goes on once the protocol is known
     */
    WatchedConnection(DataReader reader, Pace pace, Function<Protocol, ServerConnection> taker) {
        this.reader = reader;
        this.pace = pace;
        this.taker = taker;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        handler = Thread.currentThread();
        if (closed) {
            return;
        }
        var protocol = protocol();
        if (protocol == Protocol.HTTP_2) {
            pace.open();
        }
        var connection = taker.apply(protocol);
        known = connection;
        if (!closed) {
            connection.handle(limit);
        }
    }

    /** Nothing is taken: whoever reads next finds these bytes again. */
    private Protocol protocol() {
        try {
            reader.ensureAvailable();
            for (var seen = 0; ; ) {
                var bytes = reader.getBuffer(reader.available());
                var upTo = Math.min(bytes.available(), PREFACE.length);
                for (; seen < upTo; seen++) {
                    if (bytes.get(seen) != PREFACE[seen]) {
                        return Protocol.HTTP_1_1;
                    }
                }
                if (seen == PREFACE.length) {
                    return Protocol.HTTP_2;
                }
                reader.getBuffer(reader.available() + 1); // waits for more
            }
        } catch (DataReader.InsufficientDataAvailableException e) {
            throw new CloseConnectionException("closed before its protocol was known", e);
        }
    }

    /** Helidon closes connections that were idle for too long; one whose calls go on is not, however long they take. */
    @Override
    public Duration idleTime() {
        var connection = known;
        if (connection == null) {
            return Duration.ofNanos(System.nanoTime() - startNanos);
        }
        return canInterrupt() ? connection.idleTime() : Duration.ZERO;
    }

    @Override
    public boolean canInterrupt() {
        return switch (known) {
            case null -> true;
            case InterruptableTask<?> task -> task.canInterrupt();
            case ServerConnection _ -> false;
        };
    }

    @Override
    public void close(boolean interrupt) {
        closed = true;
        var connection = known;
        var waiting = handler;
        if (connection != null) {
            connection.close(interrupt);
        } else if (waiting != null) {
            waiting.interrupt();
        }
    }
}
