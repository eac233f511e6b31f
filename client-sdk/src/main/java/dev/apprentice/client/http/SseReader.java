package dev.apprentice.client.http;

import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.error.DeadlineException;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.transport.Deadline;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events (WHATWG HTML §9.2.6): lines end in LF, CR or CRLF, comments are dropped, data is joined. */
final class SseReader implements AutoCloseable {
    /** One event. */
    record Sse(@Nullable String id, String name, String data) {}

    private final ByteSource bytes;
    private final int eventBytesMax;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable ByteBuffer chunk;
    private boolean afterCarriageReturn;
    private boolean first = true;

    SseReader(ByteSource bytes, int eventBytesMax) {
        this.bytes = bytes;
        this.eventBytesMax = eventBytesMax;
    }

    /**
     * Waits for the next event that has data.
     *
     * @param patience makes the deadline for each wait
     * @return null at the end; an event that the end cuts off is dropped, as the standard says
     */
    @Nullable
    Sse next(Supplier<Deadline> patience) {
        String id = null;
        var name = "message";
        StringBuilder data = null;
        int size = 0;
        while (true) {
            var text = line(patience);
            if (text == null) {
                return null;
            }
            size += text.length();
            if (size > eventBytesMax) {
                throw tooLong();
            }
            if (text.isEmpty()) {
                if (data != null) {
                    return new Sse(id, name, data.toString());
                }
                name = "message";
                size = 0;
                continue;
            }
            int colon = text.indexOf(':');
            var field = colon < 0 ? text : text.substring(0, colon);
            var value = colon < 0 ? "" : text.substring(text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
            switch (field) {
                case "data" ->
                    data = data == null
                            ? new StringBuilder(value)
                            : data.append('\n').append(value);
                case "event" -> name = value;
                case "id" -> id = value;
                default -> {} // a comment, whose field is empty, retry, or something newer
            }
        }
    }

    private @Nullable String line(Supplier<Deadline> patience) {
        line.reset();
        while (true) {
            if (chunk == null || !chunk.hasRemaining()) {
                chunk = bytes.next(patience.get());
                if (chunk == null) {
                    return null;
                }
            }
            byte next = chunk.get();
            if (afterCarriageReturn) {
                afterCarriageReturn = false;
                if (next == '\n') {
                    continue;
                }
            }
            if (next == '\n' || next == '\r') {
                afterCarriageReturn = next == '\r';
                return text();
            }
            if (line.size() == eventBytesMax) {
                throw tooLong();
            }
            line.write(next);
        }
    }

    private String text() {
        var text = line.toString(StandardCharsets.UTF_8);
        if (first) {
            first = false;
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        }
        return text;
    }

    /** Reads to the end, if it comes {@code within} that time, and closes. */
    void drain(Duration within) {
        var deadline = Deadline.in(within);
        try (this) {
            while (bytes.next(deadline) != null) {
                chunk = null;
            }
        } catch (DeadlineException | ConnectionException e) {
            chunk = null; // nothing is lost but the connection
        }
    }

    private ProtocolException tooLong() {
        return new ProtocolException("expected events of at most " + eventBytesMax + " bytes, found a longer one");
    }

    @Override
    public void close() {
        bytes.close();
    }
}
