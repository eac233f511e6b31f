package dev.apprentice.engine.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A safetensors file: its table of tensors, checked against the format's rules before anything uses it. */
record SafetensorsFile(Map<String, SafetensorsTensor> tensors) {

    /** One tensor; {@code dtype} as the file spells it. */
    @SuppressWarnings("ArrayRecordComponent") // private to the readers, never compared
    record SafetensorsTensor(String name, String dtype, long[] shape, MemorySegment data) {

        /** How to read it, or null for a type that we don't. */
        @Nullable
        Encoding encoding() {
            return switch (dtype) {
                case "F32" -> Encoding.F32;
                case "F16" -> Encoding.F16;
                case "BF16" -> Encoding.BF16;
                default -> null;
            };
        }
    }

    private static final long HEADER_MAX = 100_000_000;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Bits of one element of each type that the format knows. */
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("F4", 4),
            Map.entry("F6_E2M3", 6),
            Map.entry("F6_E3M2", 6),
            Map.entry("BOOL", 8),
            Map.entry("U8", 8),
            Map.entry("I8", 8),
            Map.entry("F8_E5M2", 8),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("F8_E5M2FNUZ", 8),
            Map.entry("F8_E4M3FNUZ", 8),
            Map.entry("I16", 16),
            Map.entry("U16", 16),
            Map.entry("F16", 16),
            Map.entry("BF16", 16),
            Map.entry("I32", 32),
            Map.entry("U32", 32),
            Map.entry("F32", 32),
            Map.entry("F64", 64),
            Map.entry("I64", 64),
            Map.entry("U64", 64),
            Map.entry("C64", 64));

    static SafetensorsFile read(MemorySegment bytes, Blame blame) {
        if (bytes.byteSize() < 8) {
            throw blame.damaged("header length", "8 bytes", bytes.byteSize() + ": the file is cut short");
        }
        long length = bytes.get(LONG, 0);
        if (length < 2 || length > HEADER_MAX) {
            throw blame.damagedAt(0, "header length", "from 2 to " + HEADER_MAX, Long.toUnsignedString(length));
        }
        if (length > bytes.byteSize() - 8) {
            throw blame.damagedAt(
                    0, "header length", "at most the " + (bytes.byteSize() - 8) + " bytes that follow", "" + length);
        }
        var entries = SafetensorsHeader.read(bytes.asSlice(8, length), blame);
        return new SafetensorsFile(place(entries, bytes.asSlice(8 + length), blame));
    }

    /** Gives each tensor its bytes: sorted by offset, they must touch one another and fill the file. */
    private static Map<String, SafetensorsTensor> place(
            List<SafetensorsHeader.Entry> entries, MemorySegment data, Blame blame) {
        var tensors = new LinkedHashMap<String, SafetensorsTensor>();
        long next = 0;
        var sorted = entries.stream()
                .sorted(Comparator.comparingLong(SafetensorsHeader.Entry::begin)
                        .thenComparingLong(SafetensorsHeader.Entry::end))
                .toList();
        for (var entry : sorted) {
            long size = size(entry, blame);
            if (entry.begin() != next) {
                throw blame.damaged(entry.name() + " (data_offsets)", "a begin of " + next, "" + entry.begin());
            }
            if (entry.end() - entry.begin() != size) {
                throw blame.damaged(
                        entry.name() + " (data_offsets)",
                        size + " bytes for " + entry.dtype() + " " + Arrays.toString(entry.shape()),
                        String.valueOf(entry.end() - entry.begin()));
            }
            if (entry.end() > data.byteSize()) {
                throw blame.damaged(
                        entry.name(), size + " bytes of data", (data.byteSize() - next) + ": the file is cut short");
            }
            tensors.put(
                    entry.name(),
                    new SafetensorsTensor(entry.name(), entry.dtype(), entry.shape(), data.asSlice(next, size)));
            next = entry.end();
        }
        if (next != data.byteSize()) {
            throw blame.damaged("file", "an end after the last tensor", (data.byteSize() - next) + " more bytes");
        }
        return tensors;
    }

    private static long size(SafetensorsHeader.Entry entry, Blame blame) {
        var bits = BITS.get(entry.dtype());
        if (bits == null) {
            throw blame.damaged(entry.name() + " (dtype)", "a safetensors type", entry.dtype());
        }
        try {
            long size = bits;
            for (long length : entry.shape()) {
                size = Math.multiplyExact(size, length);
            }
            if (size % 8 == 0) {
                return size / 8;
            }
        } catch (ArithmeticException e) {
            // the shape is to blame, as below
        }
        throw blame.damaged(entry.name() + " (shape)", "whole bytes, fewer than 2^60", Arrays.toString(entry.shape()));
    }
}
