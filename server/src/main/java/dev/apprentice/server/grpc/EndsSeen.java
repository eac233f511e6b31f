package dev.apprentice.server.grpc;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;

/**
 * Tells {@code resets} which streams the server ends, before the client can know it. Helidon's writer of HTTP/2 hands
 * over one frame at a time, whole and with its header first.
 */
record EndsSeen(DataWriter inner, ResetFilter resets) implements DataWriter {
    @Override
    public void write(BufferData... buffers) {
        look(buffers[0]);
        inner.write(buffers);
    }

    @Override
    public void write(BufferData buffer) {
        look(buffer);
        inner.write(buffer);
    }

    @Override
    public void writeNow(BufferData... buffers) {
        look(buffers[0]);
        inner.writeNow(buffers);
    }

    @Override
    public void writeNow(BufferData buffer) {
        look(buffer);
        inner.writeNow(buffer);
    }

    @Override
    public void flush() {
        inner.flush();
    }

    @Override
    public void close() {
        inner.close();
    }

    private void look(BufferData frame) {
        if (ResetFilter.ends(frame.get(3), frame.get(4))) {
            var id = 0;
            for (var at = 5; at < 9; at++) {
                id = (id << Byte.SIZE) | (frame.get(at) & 0xff);
            }
            resets.answered(id);
        }
    }
}
