package dev.apprentice.engine.memory;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The native memory of one engine, which opens {@link Scope}s and counts those still open, and the one thread that
 * computes in it. Thread-safe.
 */
public final class NativeMemory implements AutoCloseable {
    private final PtNDManager root;
    private final Set<Scope> open = ConcurrentHashMap.newKeySet();
    private final ComputeThread thread = ComputeThread.start();

    private NativeMemory(PtNDManager root) {
        this.root = root;
        compute(() -> JniUtils.setGraphExecutorOptimize(false)); // holds for the thread that says so
    }

    /** Native memory on the CPU. */
    public static NativeMemory cpu() {
        return new NativeMemory((PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch"));
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
        return thread.call(work);
    }

    /** The same for work without a result. */
    public void compute(Runnable work) {
        thread.call(() -> {
            work.run();
            return true;
        });
    }

    @Override
    public void close() {
        thread.close();
        root.close();
    }
}
