package dev.apprentice.server.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;

/** HTTP/1.1, as little of it as is needed to know when an answer is whole. */
final class HttpDialect implements Dialect {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int CRLF_TWICE = 0x0d0a0d0a;
    private static final String LENGTH = "content-length:";

    private final Supplier<ByteBuffer> requests;
    private final long ending;
    private final long endingMask;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private long last;
    private long left;
    private Phase phase = Phase.HEAD;

    private enum Phase {
        HEAD,
        COUNTED,
        UNTIL
    }

    private HttpDialect(Supplier<ByteBuffer> requests, String ending) {
        this.requests = requests;
        long bytes = 0;
        for (byte one : ending.getBytes(StandardCharsets.ISO_8859_1)) {
            bytes = bytes << Byte.SIZE | one;
        }
        this.ending = bytes;
        this.endingMask = (1L << (ending.length() * Byte.SIZE)) - 1;
    }

    /** Answers end with the length they have said, or with the last chunk. */
    static HttpDialect whole(Supplier<ByteBuffer> requests) {
        return new HttpDialect(requests, "\r\n0\r\n\r\n");
    }

    /** Answers that count as there with their first event. */
    static HttpDialect opened(Supplier<ByteBuffer> requests) {
        return new HttpDialect(requests, "data:");
    }

    /** A POST of JSON. */
    static ByteBuffer post(String path, byte[] json) {
        var head = ("POST " + path
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                        + json.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(head.length + json.length)
                .put(head)
                .put(json)
                .flip();
    }

    @Override
    public ByteBuffer greeting() {
        return NOTHING;
    }

    @Override
    public ByteBuffer request() {
        head.reset();
        last = 0;
        phase = Phase.HEAD;
        return requests.get();
    }

    @Override
    public boolean take(ByteBuffer came) throws IOException {
        boolean ended = false;
        while (came.hasRemaining()) {
            switch (phase) {
                case HEAD -> {
                    byte one = came.get();
                    head.write(one);
                    last = last << Byte.SIZE | (one & 0xff);
                    if ((int) last == CRLF_TWICE) {
                        begin(head.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
                    }
                }
                case COUNTED -> {
                    int here = (int) Math.min(left, came.remaining());
                    came.position(came.position() + here);
                    left -= here;
                    ended |= left == 0;
                    if (here == 0) {
                        throw new IOException("more came than the answer's length");
                    }
                }
                case UNTIL -> {
                    last = last << Byte.SIZE | (came.get() & 0xff);
                    ended |= (last & endingMask) == ending;
                }
            }
        }
        return ended;
    }

    private void begin(String answer) throws IOException {
        if (!answer.startsWith("http/1.1 20")) {
            throw new IOException(
                    "a request was answered with " + answer.lines().findFirst().orElse("nothing"));
        }
        int at = answer.indexOf(LENGTH);
        if (at < 0) {
            phase = Phase.UNTIL;
            return;
        }
        phase = Phase.COUNTED;
        left = Long.parseLong(
                answer.substring(at + LENGTH.length(), answer.indexOf('\r', at)).strip());
    }

    @Override
    public ByteBuffer owed() {
        return NOTHING;
    }
}
