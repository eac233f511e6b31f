package dev.apprentice.engine.model;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The container: header, metadata and tensor table of a GGUF file, checked against llama.cpp's rules (gguf.cpp). */
record GgufFile(GgufMetadata metadata, Map<String, GgufTensor> tensors) {

    /** One entry of the tensor table; {@code shape} in Hugging Face order, slowest dimension first. */
    @SuppressWarnings("ArrayRecordComponent") // private to the readers, never compared
    record GgufTensor(String name, long[] shape, Encoding encoding, MemorySegment data) {}

    private static final int MAGIC = 0x4655_4747; // "GGUF" read as a little-endian number
    private static final int NAME_BYTES_MAX = 63;
    private static final int DIMENSIONS_MAX = 4;
    private static final int ENTRIES_MAX = 1 << 16;

    /** The same before its bytes are found; {@code at} is where the entry begins. */
    @SuppressWarnings("ArrayRecordComponent") // private to this class, never compared
    private record Entry(String name, long[] shape, Encoding encoding, long bytes, long offset, long at) {}

    static boolean hasMagic(MemorySegment bytes) {
        return bytes.byteSize() >= 4 && new GgufCursor(bytes, 0, new Blame("")).u32("magic") == MAGIC;
    }

    static GgufFile read(MemorySegment bytes, Blame blame) {
        var cursor = new GgufCursor(bytes, 0, blame);
        int magic = cursor.u32("magic");
        if (magic != MAGIC) {
            throw blame.damaged("magic", "\"GGUF\"", "bytes " + Integer.toHexString(Integer.reverseBytes(magic)));
        }
        int version = cursor.u32("version");
        if ((version & 0xFFFF) == 0) {
            throw blame.unsupported("version", "a little-endian file", "a big-endian one");
        }
        if (version != 2 && version != 3) {
            throw blame.unsupported("version", "2 or 3", Integer.toUnsignedString(version));
        }
        long tensorCount = bounded(cursor.count("n_tensors", 8 + 4 + 8 + 4 + 8), "n_tensors", blame);
        long entryCount = bounded(cursor.count("n_kv", 8 + 4 + 1), "n_kv", blame);
        var metadata = new GgufMetadata(bytes, blame);
        for (long i = 0; i < entryCount; i++) {
            metadata.readEntry(cursor);
        }
        long alignment = alignment(metadata, blame);
        var infos = new LinkedHashMap<String, Entry>();
        for (long i = 0; i < tensorCount; i++) {
            var info = info(cursor, blame);
            if (infos.putIfAbsent(info.name, info) != null) {
                throw blame.damagedAt(info.at, info.name, "each tensor once", "it twice");
            }
        }
        return new GgufFile(metadata, place(infos, padded(cursor.position(), alignment), alignment, bytes, blame));
    }

    private static long bounded(long count, String field, Blame blame) {
        if (count > ENTRIES_MAX) {
            throw blame.unsupported(field, "at most " + ENTRIES_MAX, String.valueOf(count));
        }
        return count;
    }

    private static long alignment(GgufMetadata metadata, Blame blame) {
        var alignment = metadata.whole("general.alignment").orElse(32);
        if (alignment < 1 || alignment > 1 << 20 || Long.bitCount(alignment) != 1) {
            throw blame.damaged("general.alignment", "a power of two up to 1048576", String.valueOf(alignment));
        }
        return alignment;
    }

    private static Entry info(GgufCursor cursor, Blame blame) {
        long at = cursor.position();
        var name = cursor.text("tensor name");
        if (name.isEmpty() || cursor.position() - at - 8 > NAME_BYTES_MAX) {
            throw blame.damagedAt(at, "tensor name", "1 to " + NAME_BYTES_MAX + " bytes", name);
        }
        int dimensions = cursor.u32(name + " (n_dims)");
        if (dimensions < 1 || dimensions > DIMENSIONS_MAX) {
            throw blame.damagedAt(at, name + " (n_dims)", "1 to 4", Integer.toUnsignedString(dimensions));
        }
        var shape = new long[dimensions];
        for (int d = dimensions - 1; d >= 0; d--) { // ne[0] is the fastest
            shape[d] = cursor.u64(name + " (ne)", Integer.MAX_VALUE);
        }
        int type = cursor.u32(name + " (type)");
        var encoding = Encoding.ofGgml(type);
        if (encoding == null) {
            throw blame.unsupported(
                    name,
                    "one of " + Arrays.toString(Encoding.values()),
                    "ggml type " + Integer.toUnsignedString(type));
        }
        long offset = cursor.u64(name + " (offset)", Long.MAX_VALUE);
        return new Entry(name, shape, encoding, size(name, shape, encoding, blame), offset, at);
    }

    private static long size(String name, long[] shape, Encoding encoding, Blame blame) {
        long row = shape[shape.length - 1];
        if (row % encoding.blockSize != 0) {
            throw blame.damaged(
                    name, "rows of whole " + encoding + " blocks of " + encoding.blockSize, "rows of " + row);
        }
        long bytes = encoding.rowBytes(row);
        try {
            for (int d = 0; d < shape.length - 1; d++) {
                bytes = Math.multiplyExact(bytes, shape[d]);
            }
        } catch (ArithmeticException e) {
            throw blame.damaged(name, "a size below 2^63 bytes", "shape " + Arrays.toString(shape));
        }
        return bytes;
    }

    /** Gives each tensor its bytes: they must follow one another in the order of the table, padded, to the end. */
    private static Map<String, GgufTensor> place(
            Map<String, Entry> infos, long dataStart, long alignment, MemorySegment bytes, Blame blame) {
        var tensors = new LinkedHashMap<String, GgufTensor>();
        long next = 0;
        for (var info : infos.values()) {
            if (info.offset != next) {
                throw blame.damagedAt(
                        info.at, info.name + " (offset)", String.valueOf(next), Long.toUnsignedString(info.offset));
            }
            long room = bytes.byteSize() - dataStart - next;
            if (info.bytes > room) {
                throw blame.damaged(
                        info.name, info.bytes + " bytes of data", Math.max(0, room) + ": the file is cut short");
            }
            tensors.put(
                    info.name,
                    new GgufTensor(info.name, info.shape, info.encoding, bytes.asSlice(dataStart + next, info.bytes)));
            next += padded(info.bytes, alignment);
        }
        return tensors;
    }

    private static long padded(long size, long alignment) {
        return (size + alignment - 1) & -alignment;
    }
}
