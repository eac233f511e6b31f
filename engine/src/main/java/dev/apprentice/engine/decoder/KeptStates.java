package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hidden states of whole rows below the lowest adapter, which no training changes: a row that comes again is not read
 * there again. Those that were not asked for the longest go when the budget is full, so which are kept depends on
 * nothing but the rows. Not thread-safe.
 */
final class KeptStates implements AutoCloseable {
    private final NativeMemory memory;
    private final long bytesMax;
    private final LinkedHashMap<LongBuffer, Kept> kept = new LinkedHashMap<>(64, .75f, true);
    private long bytes;

    private record Kept(Scope scope, PtNDArray states, long bytes) {}

    KeptStates(NativeMemory memory, long bytesMax) {
        this.memory = memory;
        this.bytesMax = bytesMax;
    }

    /** The states of a row of {@code tokens}, [tokens, hidden]; null if they are not kept. */
    @Nullable
    PtNDArray of(long[] tokens) {
        var found = kept.get(LongBuffer.wrap(tokens));
        return found == null ? null : found.states();
    }

    /** Keeps what {@code made} returns, if its {@code size} in bytes fits. */
    void keep(long[] tokens, long size, Function<Scope, PtNDArray> made) {
        var key = LongBuffer.wrap(tokens);
        if (size > bytesMax || kept.containsKey(key)) {
            return;
        }
        var eldest = kept.values().iterator();
        while (bytes + size > bytesMax) {
            var gone = eldest.next();
            eldest.remove();
            bytes -= gone.bytes();
            gone.scope().close();
        }
        var scope = memory.open();
        try {
            kept.put(key, new Kept(scope, made.apply(scope), size));
            bytes += size;
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** How many bytes are kept now. */
    long bytes() {
        return bytes;
    }

    /** How many rows are kept now. */
    int rows() {
        return kept.size();
    }

    @Override
    public void close() {
        for (Map.Entry<LongBuffer, Kept> entry : kept.entrySet()) {
            entry.getValue().scope().close();
        }
        kept.clear();
        bytes = 0;
    }
}
