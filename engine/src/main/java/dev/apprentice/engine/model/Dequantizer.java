package dev.apprentice.engine.model;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Unpacks rows of stored numbers to floats, bit-exact with the Python package {@code gguf}: float arithmetic in the
 * order written here, no fused multiply-add. Layouts: ggml's {@code ggml-common.h}; {@code d} and {@code m} are
 * half-precision scale and minimum.
 */
final class Dequantizer {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Dequantizer() {}

    /** Fills {@code out} with one row of {@code out.length} values that begins at byte {@code at}. */
    static void row(Encoding encoding, MemorySegment data, long at, float[] out) {
        switch (encoding) {
            case F32 -> MemorySegment.copy(data, FLOAT, at, out, 0, out.length);
            case F16 -> f16(data, at, out);
            case BF16 -> bf16(data, at, out);
            case Q8_0 -> q80(data, at, out);
            case Q4_0 -> q40(data, at, out);
            case Q4_1 -> q41(data, at, out);
            case Q5_0 -> q50(data, at, out);
            case Q5_1 -> q51(data, at, out);
            case Q4_K -> q4k(data, at, out);
            case Q5_K -> q5k(data, at, out);
            case Q6_K -> q6k(data, at, out);
        }
    }

    private static void f16(MemorySegment data, long at, float[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = half(data, at + 2L * i);
        }
    }

    private static void bf16(MemorySegment data, long at, float[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = Float.intBitsToFloat(data.get(SHORT, at + 2L * i) << 16);
        }
    }

    private static void q80(MemorySegment data, long at, float[] out) {
        long p = at;
        for (int y = 0; y < out.length; y += 32, p += 34) {
            float d = half(data, p);
            for (int i = 0; i < 32; i++) {
                out[y + i] = d * data.get(JAVA_BYTE, p + 2 + i);
            }
        }
    }

    private static void q40(MemorySegment data, long at, float[] out) {
        long p = at;
        for (int y = 0; y < out.length; y += 32, p += 18) {
            float d = half(data, p);
            for (int i = 0; i < 16; i++) {
                int q = data.get(JAVA_BYTE, p + 2 + i);
                out[y + i] = d * ((q & 15) - 8);
                out[y + i + 16] = d * (((q >> 4) & 15) - 8);
            }
        }
    }

    private static void q41(MemorySegment data, long at, float[] out) {
        long p = at;
        for (int y = 0; y < out.length; y += 32, p += 20) {
            float d = half(data, p);
            float m = half(data, p + 2);
            for (int i = 0; i < 16; i++) {
                int q = data.get(JAVA_BYTE, p + 4 + i);
                out[y + i] = d * (q & 15) + m;
                out[y + i + 16] = d * ((q >> 4) & 15) + m;
            }
        }
    }

    private static void q50(MemorySegment data, long at, float[] out) {
        long p = at;
        for (int y = 0; y < out.length; y += 32, p += 22) {
            float d = half(data, p);
            int high = data.get(INT, p + 2);
            for (int i = 0; i < 16; i++) {
                int q = data.get(JAVA_BYTE, p + 6 + i);
                out[y + i] = d * (((q & 15) | ((high >>> i) & 1) << 4) - 16);
                out[y + i + 16] = d * ((((q >> 4) & 15) | ((high >>> (i + 16)) & 1) << 4) - 16);
            }
        }
    }

    private static void q51(MemorySegment data, long at, float[] out) {
        long p = at;
        for (int y = 0; y < out.length; y += 32, p += 24) {
            float d = half(data, p);
            float m = half(data, p + 2);
            int high = data.get(INT, p + 4);
            for (int i = 0; i < 16; i++) {
                int q = data.get(JAVA_BYTE, p + 8 + i);
                out[y + i] = d * ((q & 15) | ((high >>> i) & 1) << 4) + m;
                out[y + i + 16] = d * (((q >> 4) & 15) | ((high >>> (i + 16)) & 1) << 4) + m;
            }
        }
    }

    private static void q4k(MemorySegment data, long at, float[] out) {
        long p = at;
        for (int y = 0; y < out.length; y += 256, p += 144) {
            float d = half(data, p);
            float dmin = half(data, p + 2);
            for (int j = 0; j < 8; j++) {
                float scale = d * kScale(data, p + 4, j);
                float min = dmin * kMin(data, p + 4, j);
                long q = p + 16 + 32L * (j / 2);
                int shift = (j & 1) * 4;
                for (int i = 0; i < 32; i++) {
                    out[y + 32 * j + i] = scale * ((data.get(JAVA_BYTE, q + i) >> shift) & 15) - min;
                }
            }
        }
    }

    private static void q5k(MemorySegment data, long at, float[] out) {
        long p = at;
        for (int y = 0; y < out.length; y += 256, p += 176) {
            float d = half(data, p);
            float dmin = half(data, p + 2);
            for (int j = 0; j < 8; j++) {
                float scale = d * kScale(data, p + 4, j);
                float min = dmin * kMin(data, p + 4, j);
                long q = p + 48 + 32L * (j / 2);
                int shift = (j & 1) * 4;
                for (int i = 0; i < 32; i++) {
                    int low = (data.get(JAVA_BYTE, q + i) >> shift) & 15;
                    int high = (data.get(JAVA_BYTE, p + 16 + i) >> j) & 1;
                    out[y + 32 * j + i] = scale * (low | high << 4) - min;
                }
            }
        }
    }

    private static void q6k(MemorySegment data, long at, float[] out) {
        long p = at;
        for (int y = 0; y < out.length; y += 256, p += 210) {
            float d = half(data, p + 208);
            for (int g = 0; g < 2; g++) {
                for (int k = 0; k < 4; k++) {
                    int shift = k < 2 ? 0 : 4;
                    long ql = p + 64L * g + 32L * (k & 1);
                    long qh = p + 128 + 32L * g;
                    for (int i = 0; i < 32; i++) {
                        int e = 128 * g + 32 * k + i;
                        int low = (data.get(JAVA_BYTE, ql + i) >> shift) & 15;
                        int high = (data.get(JAVA_BYTE, qh + i) >> (2 * k)) & 3;
                        out[y + e] = (d * data.get(JAVA_BYTE, p + 192 + e / 16)) * ((low | high << 4) - 32);
                    }
                }
            }
        }
    }

    /** The six-bit scale of sub-block {@code j}; K-quants spread eight of them over twelve bytes. */
    private static int kScale(MemorySegment data, long s, int j) {
        if (j < 4) {
            return data.get(JAVA_BYTE, s + j) & 63;
        }
        return (data.get(JAVA_BYTE, s + j + 4) & 15) | ((data.get(JAVA_BYTE, s + j - 4) >> 6) & 3) << 4;
    }

    private static int kMin(MemorySegment data, long s, int j) {
        if (j < 4) {
            return data.get(JAVA_BYTE, s + j + 4) & 63;
        }
        return ((data.get(JAVA_BYTE, s + j + 4) >> 4) & 15) | ((data.get(JAVA_BYTE, s + j) >> 6) & 3) << 4;
    }

    private static float half(MemorySegment data, long at) {
        return Float.float16ToFloat(data.get(SHORT, at));
    }
}
