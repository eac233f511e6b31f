package dev.apprentice.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.util.function.Consumer;

/**
 * Writes to a connection that several streams share. Interrupting a virtual thread closes the socket that it writes to
 * (JEP 444, "Networking"), and with it everybody's streams, so whoever is watched hears of it after the write.
 */
final class UncutWriter implements DataWriter {
    private final DataWriter inner;
    private final Consumer<Runnable> uncut;

    UncutWriter(DataWriter inner, Consumer<Runnable> uncut) {
        this.inner = inner;
        this.uncut = uncut;
    }

    @Override
    public void write(BufferData... buffers) {
        uncut.accept(() -> inner.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
        uncut.accept(() -> inner.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
        uncut.accept(() -> inner.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
        uncut.accept(() -> inner.writeNow(buffer));
    }

    @Override
    public void flush() {
        uncut.accept(inner::flush);
    }

    @Override
    public void close() {
        inner.close();
    }
}
