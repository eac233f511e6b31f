package dev.apprentice.engine.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads a GGUF header front to back; every length is held against what is left of the file before it is used. */
final class GgufCursor {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int TEXT_BYTES_MAX = 1 << 24;

    private final MemorySegment bytes;
    private final Blame blame;
    private long position;

    GgufCursor(MemorySegment bytes, long position, Blame blame) {
        this.bytes = bytes;
        this.position = position;
        this.blame = blame;
    }

    long position() {
        return position;
    }

    int u32(String field) {
        return bytes.get(INT, advance(4, field));
    }

    /** An unsigned 64-bit number that must be a sensible size: at most {@code max}. */
    long u64(String field, long max) {
        long at = advance(8, field);
        long value = bytes.get(LONG, at);
        if (value < 0 || value > max) {
            throw blame.damagedAt(at, field, "at most " + max, Long.toUnsignedString(value));
        }
        return value;
    }

    /** The number of things to come, each at least {@code minimalBytes} long: more than fit the file are refused. */
    long count(String field, long minimalBytes) {
        return u64(field, Math.max(0, bytes.byteSize() - position - 8) / minimalBytes);
    }

    /** A length-prefixed UTF-8 string. */
    String text(String field) {
        long length = u64(field + " (length)", Math.min(TEXT_BYTES_MAX, Math.max(0, bytes.byteSize() - position - 8)));
        long at = advance(length, field);
        var raw = bytes.asSlice(at, length).asByteBuffer();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(raw).toString();
        } catch (CharacterCodingException e) {
            throw blame.damagedAt(at, field, "UTF-8 text", "other bytes");
        }
    }

    /** Passes over a length-prefixed string. */
    void skipText(String field) {
        skip(count(field + " (length)", 1), field);
    }

    void skip(long length, String field) {
        advance(length, field);
    }

    private long advance(long length, String field) {
        long at = position;
        if (length > bytes.byteSize() - at) {
            throw blame.damagedAt(at, field, length + " more bytes", "the end of the file, " + bytes.byteSize());
        }
        position = at + length;
        return at;
    }
}
