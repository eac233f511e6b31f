package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import dev.apprentice.engine.memory.Scope;

/**
 * An adapter in native memory, ready to serve: for each layer and module A [r, in] and B [out, r], B already multiplied
 * by the adapter's scale, in the serving dtype; tensors without elements where the adapter has no such module.
 */
public final class LoraTensors implements AutoCloseable {
    private final Scope scope;
    private final PtNDArray[] tensors;
    private final long bytes;

    LoraTensors(Scope scope, PtNDArray[] tensors, long bytes) {
        this.scope = scope;
        this.tensors = tensors;
        this.bytes = bytes;
    }

    PtNDArray[] tensors() {
        return tensors;
    }

    /** Its size in bytes. */
    public long bytes() {
        return bytes;
    }

    /** How many native tensors it consists of. */
    public long arrays() {
        return scope.arrays();
    }

    @Override
    public void close() {
        scope.close();
    }
}
