package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtSymbolBlock;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the caches of running answers lie: rows of like capacity in one {@link Slab}, as many slabs as it takes.
 * Belongs to the thread that decodes.
 */
final class Slabs {
    /** How many rows attend in one call, at most. */
    private static final int SLOTS = 16;

    /** On a GPU a call costs more than what it computes, so that more rows share one. */
    private static final int SLOTS_SHARED = 64;

    /** How many tokens a slab has room for, if that is more than one row's: longer rows have fewer neighbours. */
    private static final int TOKENS = 16_384;

    private static final int SMALLEST = 64;

    private final NativeMemory memory;
    private final PtSymbolBlock program;
    private final ModelConfig config;
    private final Slab.Make make;
    private final int slotsMax;
    private final List<Slab> open = new ArrayList<>();

    /** Slabs by {@code program}. */
    Slabs(NativeMemory memory, PtSymbolBlock program, ModelConfig config, Slab.Make make, Form form) {
        this.memory = memory;
        this.program = program;
        this.config = config;
        this.make = make;
        this.slotsMax = form == Form.SHARED ? SLOTS_SHARED : SLOTS;
    }

    /** The size of slot that {@code tokens} take: a power of two from 64 on, or one and a half of one from 128 on. */
    static int size(int tokens) {
        int size = SMALLEST;
        while (size < tokens) {
            if (size > SMALLEST && size / 2 * 3 >= tokens) {
                return size / 2 * 3;
            }
            size *= 2;
        }
        return size;
    }

    /** Bytes of keys and values of a row of {@code tokens}. */
    long bytes(int tokens) {
        return 2L * config.layers() * config.kvHeads() * config.headDim() * size(tokens) * Float.BYTES;
    }

    /**
     * An empty cache for a running answer.
     *
     * @throws FailedException code {@code native_failure}
     */
    RowCache place(int tokens) {
        int size = size(tokens);
        var slab = open.stream()
                .filter(other -> other.size() == size && !other.full())
                .findFirst()
                .orElseGet(() -> {
                    int slots = Math.clamp(TOKENS / size, 1, slotsMax);
                    var made = new Slab(memory, program, make, slots, size, bytes(tokens));
                    open.add(made);
                    return made;
                });
        return slab.place(() -> open.remove(slab));
    }

    /** An empty cache of a row by itself. */
    RowCache alone(int tokens) {
        return new Slab(memory, program, make, 1, size(tokens), bytes(tokens)).place(() -> {});
    }
}
