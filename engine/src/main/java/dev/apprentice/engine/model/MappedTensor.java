package dev.apprentice.engine.model;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A tensor in a mapped file, decoded row by row. */
final class MappedTensor implements StoredTensor {
    private static final int INFINITY_BITS = 0x7F80_0000;

    private final String name;
    private final long[] shape;
    private final Encoding encoding;
    private final MemorySegment data;
    private final RowOrder order;
    private final Blame blame;

    MappedTensor(String name, long[] shape, Encoding encoding, MemorySegment data, RowOrder order, Blame blame) {
        this.name = name;
        this.shape = shape;
        this.encoding = encoding;
        this.data = data;
        this.order = order;
        this.blame = blame;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public String storedType() {
        return encoding.name();
    }

    @Override
    public ByteBuffer toFloat32() {
        long rows = rows();
        if (rows > Integer.MAX_VALUE) {
            throw tooLarge(rows);
        }
        return toFloat32(0, (int) rows);
    }

    @Override
    public ByteBuffer toFloat32(long firstRow, int rows) {
        if (firstRow < 0 || rows < 0 || firstRow > rows() - rows) {
            throw new IndexOutOfBoundsException(name + ": rows " + firstRow + " + " + rows + " of " + rows());
        }
        int length = rowLength();
        if (4L * rows * length > Integer.MAX_VALUE) {
            throw tooLarge(rows);
        }
        var buffer = ByteBuffer.allocateDirect(4 * rows * length).order(ByteOrder.LITTLE_ENDIAN);
        var floats = buffer.asFloatBuffer();
        var row = new float[length];
        long rowBytes = encoding.rowBytes(length);
        try {
            for (long r = firstRow; r < firstRow + rows; r++) {
                Dequantizer.row(encoding, data, order.stored(r) * rowBytes, row);
                if (largestMagnitude(row) >= INFINITY_BITS) {
                    throw blame.notFinite(name, firstNonFinite(row, r));
                }
                floats.put(shape.length == 1 ? inOrder(row) : row);
            }
        } catch (InternalError e) { // how the JVM reports a mapped file that was cut while in use
            throw blame.damaged(name, data.byteSize() + " bytes", "a file that was cut while it was in use");
        }
        return buffer;
    }

    /** A bias follows the rows of its matrix. */
    private float[] inOrder(float[] vector) {
        var ordered = new float[vector.length];
        for (int i = 0; i < ordered.length; i++) {
            ordered[i] = vector[(int) order.stored(i)];
        }
        return ordered;
    }

    /** Whether the values are the same as {@code other}'s, on disk, bit for bit. */
    boolean sameBytes(MappedTensor other) {
        return encoding == other.encoding && Arrays.equals(shape, other.shape) && data.mismatch(other.data) < 0;
    }

    private int rowLength() {
        return shape.length == 0 ? 1 : Math.toIntExact(shape[shape.length - 1]);
    }

    private long rows() {
        long rows = 1;
        for (int i = 0; i < shape.length - 1; i++) {
            rows *= shape[i];
        }
        return rows;
    }

    /** Bits of the largest absolute value: infinities and NaNs sort above all finite numbers. */
    private static int largestMagnitude(float[] values) {
        int max = 0;
        for (float value : values) {
            max = Math.max(max, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
        }
        return max;
    }

    private static String firstNonFinite(float[] row, long r) {
        int i = 0;
        while (Float.isFinite(row[i])) {
            i++;
        }
        return row[i] + " in row " + r + ", column " + i;
    }

    private dev.apprentice.engine.BadModelException tooLarge(long rows) {
        return blame.unsupported(name, "at most 2 GiB of floats at once", rows + " rows of " + rowLength());
    }
}
