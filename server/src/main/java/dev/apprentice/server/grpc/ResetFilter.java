package dev.apprentice.server.grpc;

import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets what a client sends over HTTP/2 pass, but for resets of streams that are over: Helidon forgets such a stream and
 * takes a reset of it for an error of the connection, which ends all calls on it. Clients send one rightly when they
 * cancel while the answer's end is on its way to them, and a second one when data crosses the first (RFC 9113 §5.1).
 */
final class ResetFilter implements Supplier<byte @Nullable []> {
    private static final int PREFACE = 24;
    private static final int HEADER = 9;
    private static final int RST_STREAM = 3;

    /** How many streams are remembered; a reset that comes later than so many streams is none. */
    private static final int REMEMBERED = 10_000;

    private final DataReader reader;
    private final Map<Integer, Boolean> over = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    private final ByteBuffer header = ByteBuffer.allocate(HEADER);
    private int payload = PREFACE;
    private boolean dropped;

    /** What {@code reader} reads, from the preface on. */
    ResetFilter(DataReader reader) {
        this.reader = reader;
    }

    /** Stream {@code id} has ended on both sides. */
    void isOver(int id) {
        firstTime(id);
    }

    /** The next bytes, null at the end; read by the connection's thread. */
    @Override
    public byte @Nullable [] get() {
        while (true) {
            byte[] bytes;
            try {
                reader.ensureAvailable();
                bytes = reader.readBuffer(reader.available()).readBytes();
            } catch (DataReader.InsufficientDataAvailableException e) {
                return null;
            }
            var passed = passed(bytes);
            if (passed.length > 0) {
                return passed;
            }
        }
    }

    private byte[] passed(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length);
        for (var at = 0; at < bytes.length; ) {
            if (payload > 0) {
                var length = Math.min(payload, bytes.length - at);
                if (!dropped) {
                    out.write(bytes, at, length);
                }
                payload -= length;
                at += length;
            } else {
                var length = Math.min(header.remaining(), bytes.length - at);
                header.put(bytes, at, length);
                at += length;
                if (!header.hasRemaining()) {
                    frame(out);
                }
            }
        }
        return out.toByteArray();
    }

    private void frame(ByteArrayOutputStream out) {
        payload = header.getInt(0) >>> 8;
        dropped = header.get(3) == RST_STREAM && !firstTime(header.getInt(5) & Integer.MAX_VALUE);
        if (!dropped) {
            out.writeBytes(header.array());
        }
        header.clear();
    }

    private synchronized boolean firstTime(int id) {
        return over.putIfAbsent(id, true) == null;
    }
}
