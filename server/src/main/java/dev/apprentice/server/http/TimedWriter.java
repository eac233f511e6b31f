package dev.apprentice.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;

/** Writes to a client under a watchdog, so that one who reads nothing is cut off. */
final class TimedWriter implements DataWriter {
    private final DataWriter inner;
    private final Watchdog watchdog;

    TimedWriter(DataWriter inner, Watchdog watchdog) {
        this.inner = inner;
        this.watchdog = watchdog;
    }

    @Override
    public void write(BufferData... buffers) {
        timed(() -> inner.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
        timed(() -> inner.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
        timed(() -> inner.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
        timed(() -> inner.writeNow(buffer));
    }

    @Override
    public void flush() {
        timed(inner::flush);
    }

    @Override
    public void close() {
        inner.close();
    }

    private void timed(Runnable write) {
        watchdog.over(write);
    }
}
