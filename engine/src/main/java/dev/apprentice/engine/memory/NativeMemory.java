package dev.apprentice.engine.memory;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import dev.apprentice.engine.Placement.Cpu;
import dev.apprentice.engine.Placement.Cuda;
import dev.apprentice.engine.Placement.Place;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The native memory of one engine, all in one place, which opens {@link Scope}s and counts those still open, and the
 * one thread that computes in it. Thread-safe.
 *
 * <p>A GPU takes work and computes it later, in order. Work here is done when {@link #compute} returns: whoever
 * measures it, gives way after it or gives back its memory need not know where it was done.
 */
public final class NativeMemory implements AutoCloseable {
    private final Place place;
    private final PtNDManager root;
    private final Set<Scope> open = ConcurrentHashMap.newKeySet();
    private final ComputeThread thread = ComputeThread.start();
    private @Nullable PtNDArray mark;

    private NativeMemory(Place place) {
        this.place = place;
        this.root = (PtNDManager) NDManager.newBaseManager(device(place), "PyTorch");
        thread.call(() -> {
            JniUtils.setGraphExecutorOptimize(false); // holds for the thread that says so
            return true;
        });
    }

    /** Native memory in {@code place}. */
    public static NativeMemory in(Place place) {
        return new NativeMemory(place);
    }

    /** Native memory on the CPU. */
    public static NativeMemory cpu() {
        return in(new Cpu());
    }

    private static Device device(Place place) {
        return switch (place) {
            case Cpu _ -> Device.cpu();
            case Cuda(int number) -> Device.gpu(number);
        };
    }

    /** Where it is. */
    public Place place() {
        return place;
    }

    /** A scope to be closed by whoever opened it. */
    public Scope open() {
        var scope = new Scope((PtNDManager) root.newSubManager(), open::remove);
        open.add(scope);
        return scope;
    }

    /** How many scopes are open now. */
    public int openScopes() {
        return open.size();
    }

    /** How many arrays live in them. */
    public long arrays() {
        return open.stream().mapToLong(Scope::arrays).sum();
    }

    /** Does {@code work} on the thread that computes, and waits for it even when interrupted. */
    public <T> T compute(Supplier<T> work) {
        return thread.call(() -> {
            T done = work.get();
            finish();
            return done;
        });
    }

    /** The same for work without a result. */
    public void compute(Runnable work) {
        compute(() -> {
            work.run();
            return true;
        });
    }

    /**
     * Waits, on the thread that computes, for what it has asked a GPU for: reading a number back comes after all of it,
     * because there is one queue, CUDA's default stream.
     */
    public void finish() {
        switch (place) {
            case Cpu _ -> {}
            case Cuda _ -> {
                if (mark == null) {
                    mark = (PtNDArray) root.zeros(new Shape(1), DataType.FLOAT32);
                }
                mark.toDevice(Device.cpu(), true).close();
            }
        }
    }

    /** Bytes that nobody uses on the GPU; empty on the CPU, and where CUDA's runtime library is not found by DJL. */
    public OptionalLong freeBytes() {
        return switch (place) {
            case Cpu _ -> OptionalLong.empty();
            case Cuda _ -> {
                JniUtils.emptyCudaCache(); // what libtorch holds for reuse counts as used
                try {
                    var usage = CudaUtils.getGpuMemory(device(place));
                    yield OptionalLong.of(usage.getMax() - usage.getCommitted());
                } catch (IllegalStateException e) {
                    yield OptionalLong.empty();
                }
            }
        };
    }

    @Override
    public void close() {
        thread.close();
        root.close();
    }
}
