package dev.apprentice.server.grpc;

import dev.apprentice.server.http.Watch;
import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets what a client sends over HTTP/2 pass, but for resets of streams that are over: Helidon forgets such a stream and
 * takes a reset of it for an error of the connection, which ends all calls on it. Clients send one rightly when they
 * cancel while the answer's end is on its way to them, and a second one when data crosses the first (RFC 9113 §5.1).
 * Whoever is watched over hears of the resets that pass, for Helidon tells a handler of plain HTTP nothing of them.
 * Reads on the connection's thread; everything else from any.
 */
final class ResetFilter implements Supplier<byte @Nullable []> {
    private static final int PREFACE = 24;
    private static final int HEADER = 9;
    private static final int RST_STREAM = 3;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int END_OF_STREAM = 1;

    // what is known of a stream of plain HTTP before it is over; calls of gRPC say themselves when they are
    private static final int ASKED = 1;
    private static final int ANSWERED = 2;
    private static final int PLAIN = 4;
    private static final int ALL = ASKED | ANSWERED | PLAIN;

    /** How many streams are remembered; a reset that comes later than so many streams is none. */
    private static final int REMEMBERED = 10_000;

    private final DataReader reader;
    private final Map<Integer, Boolean> over = new Remembered<>();
    private final Map<Integer, Integer> ends = new Remembered<>();
    private final Map<Integer, Watch> watches = new HashMap<>();
    private boolean ended;
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

    /** Stream {@code id} is one of plain HTTP. */
    void plain(int id) {
        knows(id, PLAIN);
    }

    /** The server ends stream {@code id}, as far as it goes. */
    void answered(int id) {
        knows(id, ANSWERED);
    }

    /** Whether a frame of {@code type} with {@code flags} is the last of its sender's on its stream. */
    static boolean ends(int type, int flags) {
        return (type == DATA || type == HEADERS) && (flags & END_OF_STREAM) != 0;
    }

    private synchronized void knows(int id, int what) {
        if (ends.merge(id, what, (before, now) -> before | now) == ALL) {
            ends.remove(id);
            over.putIfAbsent(id, true);
        }
    }

    /** Interrupts {@code watch} when the client resets stream {@code id}, at once if it has done so. */
    void whenGone(int id, Watch watch) {
        synchronized (this) {
            watches.put(id, watch);
            if (!ended && !over.containsKey(id)) {
                return;
            }
        }
        watch.interrupt(Watch.Cause.CLIENT_GONE);
    }

    synchronized void nobodyListens(int id) {
        watches.remove(id);
    }

    /** The connection has ended, and all its streams. */
    void end() {
        List<Watch> left;
        synchronized (this) {
            ended = true;
            left = List.copyOf(watches.values());
        }
        left.forEach(watch -> watch.interrupt(Watch.Cause.CLIENT_GONE));
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
        var id = header.getInt(5) & Integer.MAX_VALUE;
        dropped = header.get(3) == RST_STREAM && !reset(id);
        if (ends(header.get(3), header.get(4))) {
            knows(id, ASKED);
        }
        if (!dropped) {
            out.writeBytes(header.array());
        }
        header.clear();
    }

    private boolean reset(int id) {
        var first = firstTime(id);
        Watch left;
        synchronized (this) {
            left = watches.get(id);
        }
        if (left != null) {
            left.interrupt(Watch.Cause.CLIENT_GONE);
        }
        return first;
    }

    private synchronized boolean firstTime(int id) {
        return over.putIfAbsent(id, true) == null;
    }

    /** The youngest entries. */
    private static final class Remembered<V> extends LinkedHashMap<Integer, V> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, V> eldest) {
            return size() > REMEMBERED;
        }
    }
}
