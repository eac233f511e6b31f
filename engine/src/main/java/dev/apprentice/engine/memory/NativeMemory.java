package dev.apprentice.engine.memory;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.concurrent.atomic.AtomicInteger;

/** The native memory of one engine: opens {@link Scope}s and counts those still open. Thread-safe. */
public final class NativeMemory implements AutoCloseable {
    private final PtNDManager root;
    private final AtomicInteger open = new AtomicInteger();

    private NativeMemory(PtNDManager root) {
        this.root = root;
    }

    /** Native memory on the CPU. */
    public static NativeMemory cpu() {
        return new NativeMemory((PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch"));
    }

    /** A scope to be closed by whoever opened it. */
    public Scope open() {
        open.incrementAndGet();
        return new Scope((PtNDManager) root.newSubManager(), open::decrementAndGet);
    }

    /** How many scopes are open now. */
    public int openScopes() {
        return open.get();
    }

    @Override
    public void close() {
        root.close();
    }
}
