package dev.apprentice.server.http;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, read ahead: a thread of its own takes what arrives and keeps a little of it for the thread
 * that handles requests, so that the end of the connection is seen while an answer is being made.
 */
final class ClientLine implements Supplier<byte @Nullable []>, Departures {
    /** Read-ahead in reads of up to 8 KiB; when it is full the reader waits, and TCP slows the client down. */
    private static final int CHUNKS_AHEAD = 8;

    /** Marks the end: what arrives is never empty. */
    private static final byte[] END = new byte[0];

    private final HelidonSocket socket;
    private final Pace pace;
    private final BlockingQueue<byte[]> arrived = new ArrayBlockingQueue<>(CHUNKS_AHEAD);
    private boolean ended;
    private @Nullable Watch listener;

    ClientLine(HelidonSocket socket, Patience patience) {
        this.socket = socket;
        this.pace = new Pace(patience);
    }

    /** Told by the handling thread where in a request it is. */
    Pace pace() {
        return pace;
    }

    /** Reads until the connection ends; the body of the reading thread. */
    void read() {
        try {
            while (true) {
                var bytes = next();
                if (bytes == null || !keep(bytes)) {
                    return;
                }
            }
        } finally {
            end();
        }
    }

    /** The next bytes for the handling thread, or null at the end. */
    @Override
    public byte @Nullable [] get() {
        if (pace.over()) {
            return null;
        }
        try {
            var start = System.nanoTime();
            var bytes = arrived.poll(pace.patienceNanos(start), TimeUnit.NANOSECONDS);
            if (bytes == null) {
                throw new ServerConnectionException("too little arrived in time", new SocketTimeoutException());
            }
            var now = System.nanoTime();
            pace.came(bytes.length, now, now - start);
            return bytes.length == 0 ? null : bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerConnectionException("interrupted while reading", e);
        }
    }

    @Override
    public synchronized void whenGone(Watch watch) {
        listener = watch;
        if (ended) {
            watch.interrupt(Watch.Cause.CLIENT_GONE);
        }
    }

    @Override
    public synchronized void nobodyListens(Watch watch) {
        if (listener == watch) {
            listener = null;
        }
    }

    private byte @Nullable [] next() {
        while (socket.isConnected()) {
            try {
                return socket.get();
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof SocketTimeoutException)) {
                    return null; // reset by the client or closed by us: either way nothing more will come
                }
            }
        }
        return null;
    }

    private boolean keep(byte[] bytes) {
        try {
            while (!arrived.offer(bytes, 1, TimeUnit.SECONDS)) {
                if (!socket.isConnected()) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void end() {
        Watch waiting;
        synchronized (this) {
            ended = true;
            waiting = listener;
        }
        if (waiting != null) {
            waiting.interrupt(Watch.Cause.CLIENT_GONE);
        }
        keep(END);
    }
}
