package dev.apprentice.engine.memory;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Native tensors that live and die together. Not thread-safe. */
public final class Scope implements AutoCloseable {
    private final PtNDManager manager;
    private final Consumer<Scope> closed;
    private final List<IValue> values = new ArrayList<>();
    private boolean open = true;

    Scope(PtNDManager manager, Consumer<Scope> closed) {
        this.manager = manager;
        this.closed = closed;
    }

    /** The manager that owns this scope's arrays. */
    public PtNDManager manager() {
        return manager;
    }

    /** How many arrays live in it; from any thread. */
    public long arrays() {
        return manager.getManagedArrays().size();
    }

    /** Frees {@code value} with this scope. */
    public IValue own(IValue value) {
        values.add(value);
        return value;
    }

    /** A tensor of fp32 with {@code shape}. */
    public PtNDArray floats(float[] data, long... shape) {
        return create(FloatBuffer.wrap(data), new Shape(shape), DataType.FLOAT32);
    }

    /**
     * A tensor over {@code data} itself, which stays referenced and must not change.
     *
     * @param data direct, little-endian fp32
     */
    public PtNDArray floats(ByteBuffer data, long... shape) {
        return manager.create(data.order(ByteOrder.nativeOrder()), new Shape(shape), DataType.FLOAT32);
    }

    /** A vector of int64. */
    public PtNDArray longs(long... data) {
        return create(LongBuffer.wrap(data), new Shape(data.length), DataType.INT64);
    }

    /** A tensor of int64 with {@code shape}. */
    public PtNDArray longs(int[] data, long... shape) {
        var wide = new long[data.length];
        for (int i = 0; i < data.length; i++) {
            wide[i] = data[i];
        }
        return create(LongBuffer.wrap(wide), new Shape(shape), DataType.INT64);
    }

    /** A tensor without elements: what an absent bias or norm is to the program. */
    public PtNDArray nothing() {
        return manager.create(new Shape(0), DataType.FLOAT32);
    }

    private PtNDArray create(java.nio.Buffer data, Shape shape, DataType type) {
        return shape.size() == 0 ? manager.create(shape, type) : manager.create(data, shape, type);
    }

    /** The numbers of {@code array}, which may be on a GPU; leaves nothing behind. */
    public static float[] read(PtNDArray array) {
        if (array.getDevice().equals(Device.cpu())) {
            return array.toFloatArray();
        }
        try (var copy = array.toDevice(Device.cpu(), true)) {
            return copy.toFloatArray();
        }
    }

    /** Keeps {@code array} beyond this scope, in {@code other}. */
    public static <T extends NDArray> T move(T array, Scope other) {
        array.attach(other.manager);
        return array;
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        for (var value : values) {
            value.close();
        }
        manager.close();
        closed.accept(this);
    }
}
