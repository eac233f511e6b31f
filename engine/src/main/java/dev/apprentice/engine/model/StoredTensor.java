package dev.apprentice.engine.model;

import java.nio.ByteBuffer;

/** One weight as it lies in a mapped file; nothing is read until floats are asked for. Safe for use by many threads. */
public interface StoredTensor {

    /** Hugging Face name, such as {@code model.layers.0.self_attn.q_proj.weight}. */
    String name();

    /** Shape in Hugging Face order, {@code [out, in]} for a matrix. */
    long[] shape();

    /** The type on disk, such as {@code BF16} or {@code Q4_1}. */
    String storedType();

    /**
     * All values as floats in a fresh direct little-endian buffer, dequantised, rows in Hugging Face order.
     *
     * @throws dev.apprentice.engine.BadModelException if a value is not finite, the file changed under us, or the
     *     tensor has more than 2 GiB of floats (read those with {@link #toFloat32(long, int)})
     */
    ByteBuffer toFloat32();

    /** The same for {@code rows} rows from {@code firstRow}; a tensor of one dimension has a single row. */
    ByteBuffer toFloat32(long firstRow, int rows);
}
