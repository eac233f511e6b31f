package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;

/**
 * Copies of keys and values, one block of {@link #TOKENS} each, that outlive the rows they were taken from. All blocks
 * live in one scope and are given back one by one. Belongs to the engine thread.
 */
public final class CacheBlocks implements AutoCloseable {
    /** How many tokens a block holds; blocks begin at multiples of it. */
    public static final int TOKENS = 64;

    private final NativeMemory memory;
    private final PtSymbolBlock program;
    private final Scope scope;

    CacheBlocks(NativeMemory memory, PtSymbolBlock program) {
        this.memory = memory;
        this.program = program;
        this.scope = memory.open();
    }

    /** One block, [layers, 2, kv heads, TOKENS, head dim]. */
    public static final class Block implements AutoCloseable {
        private final PtNDArray tensor;
        private final long bytes;

        private Block(PtNDArray tensor, long bytes) {
            this.tensor = tensor;
            this.bytes = bytes;
        }

        /** Its size in bytes. */
        public long bytes() {
            return bytes;
        }

        @Override
        public void close() {
            tensor.close();
        }
    }

    /**
     * A copy of the block of {@code row} that begins at token {@code from}.
     *
     * @throws FailedException code {@code native_failure}
     */
    public Block copy(RowCache row, int from) {
        return memory.compute(() -> copied(row, from));
    }

    private Block copied(RowCache row, int from) {
        assert from % TOKENS == 0 && from + TOKENS <= row.capacity() : from + " of " + row.capacity();
        try (var now = memory.open()) {
            var copy = Programs.run(
                    program,
                    now,
                    "keep",
                    now.own(IValue.from(row.tensor())),
                    now.own(IValue.from(from)),
                    now.own(IValue.from(TOKENS)));
            return new Block(Programs.tensor(copy, scope), row.bytes() / row.capacity() * TOKENS);
        }
    }

    /**
     * Writes {@code block} into {@code row}, to begin at token {@code at}.
     *
     * @throws FailedException code {@code native_failure}
     */
    public void paste(Block block, RowCache row, int at) {
        memory.compute(() -> pasted(block, row, at));
    }

    private void pasted(Block block, RowCache row, int at) {
        assert at % TOKENS == 0 && at + TOKENS <= row.capacity() : at + " of " + row.capacity();
        try (var now = memory.open()) {
            Programs.run(
                    program,
                    now,
                    "put",
                    now.own(IValue.from(row.tensor())),
                    now.own(IValue.from(at)),
                    now.own(IValue.from(block.tensor)));
        }
    }

    /** Gives all blocks back. */
    @Override
    public void close() {
        scope.close();
    }
}
