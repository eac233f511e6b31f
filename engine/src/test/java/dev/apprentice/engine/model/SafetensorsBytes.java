package dev.apprentice.engine.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes safetensors files by the format's description, good ones and (by hand-made headers) bad ones. */
final class SafetensorsBytes {
    private SafetensorsBytes() {}

    /** A tensor to write. */
    @SuppressWarnings("ArrayRecordComponent")
    record Tensor(String dtype, long[] shape, byte[] data) {

        static Tensor f32(float[] values, long... shape) {
            var buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asFloatBuffer().put(values);
            return new Tensor("F32", shape, buffer.array());
        }

        /** Values that differ from one another and between tensors of different {@code seed}. */
        static Tensor numbered(int seed, long... shape) {
            long size = 1;
            for (long length : shape) {
                size *= length;
            }
            var values = new float[Math.toIntExact(size)];
            for (int i = 0; i < values.length; i++) {
                values[i] = seed + i / 1024f;
            }
            return f32(values, shape);
        }
    }

    static byte[] of(Map<String, Tensor> tensors) {
        var header = new LinkedHashMap<String, Object>();
        var data = new ByteArrayOutputStream();
        tensors.forEach((name, tensor) -> {
            int begin = data.size();
            data.writeBytes(tensor.data);
            header.put(
                    name,
                    OrderedJson.object(
                            "dtype", tensor.dtype,
                            "shape", tensor.shape,
                            "data_offsets", new int[] {begin, data.size()}));
        });
        return of(new String(OrderedJson.bytes(header), StandardCharsets.UTF_8), data.toByteArray());
    }

    static byte[] of(String header, byte[] data) {
        var json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }
}
