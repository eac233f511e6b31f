package dev.apprentice.engine.model;

import org.jspecify.annotations.Nullable;

/** How numbers are packed on disk: blocks of so many values in so many bytes. */
enum Encoding {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    BF16(30, 1, 2);

    /** The number that GGUF files use. */
    final int ggml;

    final int blockSize;
    final int blockBytes;

    Encoding(int ggml, int blockSize, int blockBytes) {
        this.ggml = ggml;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
    }

    /** Bytes of a row of {@code values} numbers, which must be whole blocks. */
    long rowBytes(long values) {
        assert values % blockSize == 0;
        return Math.multiplyExact(values / blockSize, blockBytes);
    }

    static @Nullable Encoding ofGgml(int number) {
        for (var encoding : values()) {
            if (encoding.ggml == number) {
                return encoding;
            }
        }
        return null;
    }
}
