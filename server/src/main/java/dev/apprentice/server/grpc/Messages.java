package dev.apprentice.server.grpc;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.engine.TooLargeException;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Puts the messages of one call together, each with a prefix of five bytes: a flag that says whether it is packed, and
 * the length (gRPC over HTTP/2, "Length-Prefixed-Message"). Helidon's own reader answers nothing to what it cannot
 * read, and a packed message of several frames is one of those.
 */
final class Messages {
    private static final HeaderName ENCODING = HeaderNames.create("grpc-encoding");
    private static final int PREFIX = 5;

    private final String encoding;
    private final int bytesMax;
    private final ByteBuffer prefix = ByteBuffer.allocate(PREFIX);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private long left = -1;

    Messages(String encoding, int bytesMax) {
        this.encoding = encoding;
        this.bytesMax = bytesMax;
    }

    /** How the messages of a call with {@code headers} are packed. */
    static String encoding(Headers headers) {
        return headers.first(ENCODING).orElse("identity");
    }

    /**
     * Refuses a way of packing that is not known.
     *
     * @throws ApprenticeException which ends the call
     */
    void checkEncoding() {
        if (!encoding.equals("identity") && !encoding.equals("gzip")) {
            throw new NotBuiltException(
                    "unsupported_encoding",
                    "messages may be packed with gzip, or not at all",
                    Fault.of("grpc-encoding", "identity or gzip", encoding));
        }
    }

    /**
     * Takes {@code data} in; hands out the messages that are whole with it, unpacked, with their prefixes.
     *
     * @throws ApprenticeException if it is not in the form that messages have, or too long
     */
    List<byte[]> add(BufferData data) {
        var whole = new ArrayList<byte[]>();
        while (data.available() > 0) {
            if (left < 0) {
                prefix.put((byte) data.read());
                if (!prefix.hasRemaining()) {
                    begin();
                }
            } else {
                var part = new byte[(int) Math.min(left, data.available())];
                data.read(part);
                body.writeBytes(part);
                left -= part.length;
            }
            if (left == 0) {
                whole.add(framed(prefix.get(0) == 0 ? body.toByteArray() : unpacked()));
                body.reset();
                prefix.clear();
                left = -1;
            }
        }
        return whole;
    }

    /**
     * Nothing more will come.
     *
     * @throws ApprenticeException if something is missing
     */
    void end() {
        if (left >= 0 || prefix.position() > 0) {
            throw unreadable("the stream ends in the middle of a message", "whole messages");
        }
    }

    private void begin() {
        var flag = prefix.get(0);
        if (flag != 0 && flag != 1) {
            throw unreadable("a message begins with the flag " + Byte.toUnsignedInt(flag), "0 or 1");
        }
        if (flag == 1 && encoding.equals("identity")) {
            throw unreadable("a message is packed, but the call does not say how", "grpc-encoding: gzip");
        }
        left = Integer.toUnsignedLong(prefix.getInt(1));
        if (left > bytesMax) {
            throw tooLarge();
        }
    }

    private byte[] unpacked() {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body.toByteArray()))) {
            var bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw tooLarge();
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable("a message said to be packed with gzip is not", "gzip");
        }
    }

    private static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(PREFIX + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private TooLargeException tooLarge() {
        var expected = "at most " + bytesMax + " bytes";
        return new TooLargeException(
                "body_too_large", "a message must have " + expected, Fault.of("message", expected, "more"));
    }

    private static InvalidRequestException unreadable(String what, String expected) {
        return new InvalidRequestException("unreadable_message", what, Fault.of("message", expected, "something else"));
    }
}
