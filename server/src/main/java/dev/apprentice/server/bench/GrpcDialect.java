package dev.apprentice.server.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * gRPC over HTTP/2 with prior knowledge, one call at a time. Headers go out as literals that nobody has to remember
 * (RFC 7541 §6.2.2) and those that come are not read: a call was good if a message came before its end.
 */
final class GrpcDialect implements Dialect {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int FRAME_HEAD = 9;
    private static final int PREFIX = 5;
    private static final int WINDOW = 0x7f00_0000;
    private static final int PING_BYTES = 8;

    private final byte[] headers;
    private final Supplier<byte[]> messages;
    private final byte[] head = new byte[FRAME_HEAD];
    private final byte[] ping = new byte[PING_BYTES];
    private final ByteArrayOutputStream owed = new ByteArrayOutputStream();
    private int headBytes;
    private int left;
    private int stream = -1;
    private boolean answered;

    /** Calls {@code method}, as {@code package.Service/Method}, with one of {@code messages} after the other. */
    GrpcDialect(String method, Supplier<byte[]> messages) {
        headers = headers("/" + method);
        this.messages = messages;
    }

    private static byte[] prefixed(byte[] message) {
        return ByteBuffer.allocate(PREFIX + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] headers(String path) {
        var out = new ByteArrayOutputStream();
        out.write(0x83); // :method POST, by its place in RFC 7541, appendix A, as are the next three
        out.write(0x86); // :scheme http
        literal(out, new byte[] {0x04}, path); // :path
        literal(out, new byte[] {0x01}, "127.0.0.1"); // :authority
        literal(out, new byte[] {0x0f, 0x10}, "application/grpc"); // content-type
        literal(out, new byte[] {0x00, 2, 't', 'e'}, "trailers");
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, byte[] name, String value) {
        out.writeBytes(name);
        out.write(value.length()); // below 127: one byte
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(FRAME_HEAD + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    @Override
    public ByteBuffer greeting() {
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var settings = frame(SETTINGS, 0, 0, new byte[0]);
        var window = frame(
                WINDOW_UPDATE,
                0,
                0,
                ByteBuffer.allocate(Integer.BYTES).putInt(WINDOW).array());
        return ByteBuffer.allocate(preface.length + settings.length + window.length)
                .put(preface)
                .put(settings)
                .put(window)
                .flip();
    }

    @Override
    public ByteBuffer request() {
        stream += 2;
        answered = false;
        var opening = frame(HEADERS, END_HEADERS, stream, headers);
        var body = frame(DATA, END_STREAM, stream, prefixed(messages.get()));
        return ByteBuffer.allocate(opening.length + body.length)
                .put(opening)
                .put(body)
                .flip();
    }

    @Override
    public boolean take(ByteBuffer came) throws IOException {
        boolean ended = false;
        while (came.hasRemaining()) {
            if (headBytes < FRAME_HEAD) {
                head[headBytes++] = came.get();
                if (headBytes < FRAME_HEAD) {
                    continue;
                }
                left = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
            }
            int here = Math.min(left, came.remaining());
            if (head[3] == PING && left <= PING_BYTES) {
                came.get(ping, PING_BYTES - left, here);
            } else {
                came.position(came.position() + here);
            }
            left -= here;
            if (left == 0) {
                headBytes = 0;
                ended |= whole();
            }
        }
        return ended;
    }

    /** A frame is whole; whether the call is too. */
    private boolean whole() throws IOException {
        boolean ack = (head[4] & ACK) != 0;
        switch (head[3]) {
            case SETTINGS -> owe(!ack, frame(SETTINGS, ACK, 0, new byte[0]));
            case PING -> owe(!ack, frame(PING, ACK, 0, ping));
            case DATA -> answered = true;
            case RST_STREAM, GOAWAY -> throw new IOException("a call was broken off, by a frame of type " + head[3]);
            default -> {} // headers, windows: nothing to do
        }
        boolean ended = (head[3] == DATA || head[3] == HEADERS) && (head[4] & END_STREAM) != 0;
        if (ended && !answered) {
            throw new IOException("a call ended without an answer");
        }
        return ended;
    }

    private void owe(boolean really, byte[] frame) {
        if (really) {
            owed.writeBytes(frame);
        }
    }

    @Override
    public ByteBuffer owed() {
        var bytes = ByteBuffer.wrap(owed.toByteArray());
        owed.reset();
        return bytes;
    }
}
