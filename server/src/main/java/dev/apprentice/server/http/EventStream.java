package dev.apprentice.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One answer as server-sent events (WHATWG HTML §9.2). Every event leaves at once. Where nothing has been said for a
 * while a comment line goes out, so that no proxy takes a long prefill for a dead connection. The lock is held while
 * bytes are written, by the request's thread or by the one that comments.
 */
public final class EventStream implements AutoCloseable {
    private static final byte[] COMMENT = ": waiting\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);

    private final OutputStream out;
    private final long commentEveryNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private long lastWriteNanos = System.nanoTime();
    private boolean closed;

    private EventStream(OutputStream out, Duration commentEvery) {
        this.out = out;
        this.commentEveryNanos = commentEvery.toNanos();
    }

    /** Starts the stream on {@code response}; from here on its status is 200. */
    public static EventStream on(ServerResponse response, Duration commentEvery) {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .header(HeaderNames.CACHE_CONTROL, "no-cache")
                .header("X-Accel-Buffering", "no"); // nginx buffers otherwise
        var stream = new EventStream(response.outputStream(), commentEvery);
        Thread.ofVirtual().name("event-stream-comments").start(stream::comment);
        return stream;
    }

    /** Sends one event whose data is {@code json}, which has no line break in it. */
    public void send(byte[] json) {
        leave(DATA, json, END);
    }

    /** Sends one event that has a name. */
    public void send(String name, byte[] json) {
        leave(("event: " + name + "\n").getBytes(StandardCharsets.UTF_8), DATA, json, END);
    }

    /** Sends one event that has a name and can be gone on from. */
    public void send(long id, String name, byte[] json) {
        var head = "id: " + id + "\nevent: " + name + "\n";
        leave(head.getBytes(StandardCharsets.UTF_8), DATA, json, END);
    }

    /** Says that the stream is open, where the first event may be far away. */
    public void open() {
        leave(COMMENT);
    }

    /** Ends the comments; the response itself is ended by Helidon. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void leave(byte[]... parts) {
        lock.lock();
        try {
            write(parts);
        } finally {
            lock.unlock();
        }
    }

    private void comment() {
        lock.lock();
        try {
            while (!closed) {
                var silence = System.nanoTime() - lastWriteNanos;
                if (silence >= commentEveryNanos) {
                    write(COMMENT);
                } else {
                    closing.await(commentEveryNanos - silence, TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CloseConnectionException e) {
            closed = true; // the client has gone; the request's thread hears it from its own next write
        } finally {
            lock.unlock();
        }
    }

    private void write(byte[]... parts) {
        Gone.orThrow(() -> {
            try {
                for (var part : parts) {
                    out.write(part);
                }
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        lastWriteNanos = System.nanoTime();
    }
}
