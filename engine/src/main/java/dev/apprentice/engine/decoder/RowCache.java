package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import dev.apprentice.engine.memory.Scope;

/**
 * Keys and values of one row, [layers, 2, kv heads, capacity, head dim] in fp32: a slot of a {@link Slab}. Belongs to
 * the thread that computes with it.
 */
public final class RowCache implements AutoCloseable {
    private final Scope scope;
    private final PtNDArray tensor;
    private final Slab slab;
    private final int slot;
    private final long bytes;
    private final Runnable freed;
    private boolean open = true;

    RowCache(Scope scope, PtNDArray tensor, Slab slab, int slot, long bytes, Runnable freed) {
        this.scope = scope;
        this.tensor = tensor;
        this.slab = slab;
        this.slot = slot;
        this.bytes = bytes;
        this.freed = freed;
    }

    PtNDArray tensor() {
        return tensor;
    }

    Slab slab() {
        return slab;
    }

    int slot() {
        return slot;
    }

    /** How many tokens it can hold. */
    public int capacity() {
        return slab.size();
    }

    /** Its size in bytes. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            scope.close();
            freed.run();
        }
    }
}
