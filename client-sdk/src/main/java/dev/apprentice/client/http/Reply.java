package dev.apprentice.client.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.transport.Deadline;
import dev.apprentice.client.value.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.Locale;

/** An answer whose status and headers are here and whose body is still coming. */
record Reply(int status, HttpHeaders headers, ByteSource body, Deadline deadline) implements AutoCloseable {

    /** The whole body as JSON, at most {@code bytesMax} long. */
    ObjectNode json(int bytesMax) {
        expect("application/json");
        var bytes = new ByteArrayOutputStream();
        for (var buffer = body.next(deadline); buffer != null; buffer = body.next(deadline)) {
            if (bytes.size() + buffer.remaining() > bytesMax) {
                throw new ProtocolException("expected a body of at most " + bytesMax + " bytes, found a longer one");
            }
            copy(buffer, bytes);
        }
        return Wire.read(bytes.toByteArray());
    }

    /** As much of the body as fits into {@code bytesMax}: an error is told as far as that goes. */
    byte[] head(int bytesMax) {
        var bytes = new ByteArrayOutputStream();
        for (var buffer = body.next(deadline); buffer != null; buffer = body.next(deadline)) {
            copy(buffer.limit(buffer.position() + Math.min(buffer.remaining(), bytesMax - bytes.size())), bytes);
            if (bytes.size() == bytesMax) {
                break;
            }
        }
        return bytes.toByteArray();
    }

    /** Writes the whole body to {@code out}. */
    void to(OutputStream out) throws IOException {
        for (var buffer = body.next(deadline); buffer != null; buffer = body.next(deadline)) {
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            out.write(bytes);
        }
    }

    /** Throws where the content is of another type. */
    void expect(String type) {
        var found = headers.firstValue("content-type").orElse("nothing");
        var bare = found.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!bare.equals(type)) {
            throw new ProtocolException("expected a body of type " + type + ", found " + bare);
        }
    }

    private static void copy(ByteBuffer buffer, ByteArrayOutputStream to) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        to.writeBytes(bytes);
    }

    @Override
    public void close() {
        body.close();
    }
}
