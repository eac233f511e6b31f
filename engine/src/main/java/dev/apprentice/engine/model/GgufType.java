package dev.apprentice.engine.model;

import org.jspecify.annotations.Nullable;

/** The value types of GGUF metadata; the ordinal is the number in the file. */
enum GgufType {
    U8(1),
    I8(1),
    U16(2),
    I16(2),
    U32(4),
    I32(4),
    F32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    U64(8),
    I64(8),
    F64(8);

    /** Size of a number, or of the smallest string or array. */
    final int minimalBytes;

    GgufType(int minimalBytes) {
        this.minimalBytes = minimalBytes;
    }

    static @Nullable GgufType of(int number) {
        return number >= 0 && number < values().length ? values()[number] : null;
    }
}
