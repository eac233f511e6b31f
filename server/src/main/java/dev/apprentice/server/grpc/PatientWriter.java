package dev.apprentice.server.grpc;

import io.grpc.Status;
import io.helidon.http.http2.FlowControl;
import io.helidon.http.http2.Http2Flag.HeaderFlags;
import io.helidon.http.http2.Http2FrameData;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2StreamWriter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes one stream as fast as its client reads: HTTP/2's window bounds what is on its way, and the writing thread
 * waits here for it to open. Helidon's own wait ends by an interruption or after 15 s alone; this one also when the
 * call is given up, without touching the connection that other calls share. Helidon tells nobody of a window that has
 * opened, so it is looked at again and again, less and less often.
 */
final class PatientWriter implements Http2StreamWriter {
    private static final long LOOK_NANOS_MIN = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long LOOK_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

    /** Thrown into a thread that writes for nobody any more. */
    static final class GivenUpException extends RuntimeException {
        private static final long serialVersionUID = 1;

        GivenUpException() {
            super("the call was given up while it was written");
        }
    }

    private final Http2StreamWriter inner;
    private final ReentrantLock connection;
    private final long patienceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean givenUp;
    private boolean deaf;

    /**
     * A writer.
     *
     * @param connection held while a part of the connection's window is taken: Helidon takes it after it has written,
     *     so that streams which write at once send more than the client allows
     */
    PatientWriter(Http2StreamWriter inner, ReentrantLock connection, Duration patience) {
        this.inner = inner;
        this.connection = connection;
        this.patienceNanos = patience.toNanos();
    }

    /** From now on messages are refused; how the call ended can still be told. */
    void giveUp() {
        lock.lock();
        try {
            givenUp = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The client hears nothing any more. */
    void nobodyHears() {
        lock.lock();
        try {
            deaf = true;
        } finally {
            lock.unlock();
        }
        giveUp();
    }

    @Override
    public void write(Http2FrameData frame) {
        if (!isDeaf()) {
            inner.write(frame);
        }
    }

    @Override
    public void writeData(Http2FrameData data, FlowControl.Outbound window) {
        for (var frame : data.split(window.maxFrameSize())) {
            var left = frame;
            for (var parts = room(left, window); parts.length > 0; parts = room(left, window)) {
                inner.write(parts[0]);
                if (parts.length == 1) {
                    break;
                }
                left = parts[1];
            }
        }
    }

    @Override
    public int writeHeaders(Http2Headers headers, int streamId, HeaderFlags flags, FlowControl.Outbound window) {
        return isDeaf() ? 0 : inner.writeHeaders(headers, streamId, flags, window);
    }

    @Override
    public int writeHeaders(
            Http2Headers headers, int streamId, HeaderFlags flags, Http2FrameData data, FlowControl.Outbound window) {
        var written = writeHeaders(headers, streamId, flags, window);
        writeData(data, window);
        return written + data.header().length();
    }

    /** Waits until some of {@code frame} may be written: all of it, or its beginning and the rest. */
    private Http2FrameData[] room(Http2FrameData frame, FlowControl.Outbound window) {
        lock.lock();
        try {
            var start = System.nanoTime();
            var look = LOOK_NANOS_MIN;
            while (true) {
                if (givenUp) {
                    throw new GivenUpException();
                }
                var parts = taken(frame, window);
                if (parts.length > 0) {
                    return parts;
                }
                if (System.nanoTime() - start > patienceNanos) {
                    throw Status.RESOURCE_EXHAUSTED
                            .withDescription("the client did not read the stream in time")
                            .asRuntimeException();
                }
                look = Math.min(look * 2, LOOK_NANOS_MAX);
                var _ = changed.awaitNanos(look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GivenUpException();
        } finally {
            lock.unlock();
        }
    }

    private Http2FrameData[] taken(Http2FrameData frame, FlowControl.Outbound window) {
        connection.lock();
        try {
            var parts = window.cut(frame);
            if (parts.length > 0) {
                window.decrementWindowSize(parts[0].header().length());
            }
            return parts;
        } finally {
            connection.unlock();
        }
    }

    private boolean isDeaf() {
        lock.lock();
        try {
            return deaf;
        } finally {
            lock.unlock();
        }
    }
}
