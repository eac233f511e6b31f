package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import dev.apprentice.engine.memory.Scope;

/**
 * Keys and values of one running answer, [layers, 2, kv heads, capacity, head dim] in the serving dtype. Belongs to the
 * engine thread.
 */
public final class RowCache implements AutoCloseable {
    private final Scope scope;
    private final PtNDArray tensor;
    private final int capacity;
    private final long bytes;

    RowCache(Scope scope, PtNDArray tensor, int capacity, long bytes) {
        this.scope = scope;
        this.tensor = tensor;
        this.capacity = capacity;
        this.bytes = bytes;
    }

    PtNDArray tensor() {
        return tensor;
    }

    /** How many tokens it can hold. */
    public int capacity() {
        return capacity;
    }

    /** Its size in bytes. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        scope.close();
    }
}
