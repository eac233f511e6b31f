package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import java.util.BitSet;

/**
 * Room for the keys and values of some rows in slots of equal size, [layers, 2, slots, kv heads, size, head dim] in
 * fp32: rows that are neighbours here attend in one call. What no row has used takes no memory, but on a GPU. Closes
 * with its last row. Belongs to the thread that computes with it.
 */
final class Slab {
    private final NativeMemory memory;
    private final PtSymbolBlock program;
    private final Scope scope;
    private final PtNDArray tensor;
    private final int slots;
    private final int size;
    private final long slotBytes;
    private final BitSet used = new BitSet();

    /**
     * What all slabs of a decoder have in common.
     *
     * @param shape of the network
     * @param beside a tensor on their device
     */
    record Make(IValue shape, IValue beside) {}

    /** Opens one of {@code slots} slots of {@code size} tokens, {@code slotBytes} each. */
    Slab(NativeMemory memory, PtSymbolBlock program, Make make, int slots, int size, long slotBytes) {
        this.memory = memory;
        this.program = program;
        this.slots = slots;
        this.size = size;
        this.slotBytes = slotBytes;
        this.scope = memory.open();
        try (var now = memory.open()) {
            var count = now.own(IValue.from((long) slots));
            var made = Programs.run(
                    program, now, "cache", make.shape(), count, now.own(IValue.from((long) size)), make.beside());
            tensor = Programs.tensor(made, scope);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    PtNDArray tensor() {
        return tensor;
    }

    /** How many tokens a slot holds. */
    int size() {
        return size;
    }

    /** Where the keys and then the values of token {@code token} of {@code slot} are, among all vectors of a layer. */
    long[] places(int slot, int token) {
        int heads = (int) tensor.getShape().get(3);
        var places = new long[2 * heads];
        for (int i = 0; i < places.length; i++) {
            int side = i / heads;
            places[i] = (((long) side * slots + slot) * heads + i % heads) * size + token;
        }
        return places;
    }

    boolean full() {
        return used.cardinality() == slots;
    }

    /** A row in the first free slot, empty; {@code whenEmpty} runs when the slab has closed after its last row. */
    RowCache place(Runnable whenEmpty) {
        int slot = used.nextClearBit(0);
        assert slot < slots : "a full slab";
        var own = memory.open();
        try (var now = memory.open()) {
            var cleared =
                    Programs.run(program, now, "slot", now.own(IValue.from(tensor)), now.own(IValue.from((long) slot)));
            var part = Programs.tensor(cleared, own);
            used.set(slot);
            return new RowCache(own, part, this, slot, slotBytes, () -> free(slot, whenEmpty));
        } catch (RuntimeException | Error e) {
            own.close();
            if (used.isEmpty()) {
                scope.close();
                whenEmpty.run();
            }
            throw e;
        }
    }

    private void free(int slot, Runnable whenEmpty) {
        used.clear(slot);
        if (used.isEmpty()) {
            scope.close();
            whenEmpty.run();
        }
    }
}
