package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of a batch as one, so that rows of many take two products a module together instead of two each. Copies
 * of them, made when the same ones come in two steps one after the other and given up when others do. For the thread
 * that decodes.
 */
final class LoraStacks implements AutoCloseable {
    /** Fewer are as quick one after the other. */
    private static final int MANY = 3;

    /** What is made of adapters of different shapes. */
    private static final PtNDArray[] UNLIKE = {};

    private final NativeMemory memory;
    private final PtSymbolBlock program;
    private List<LoraTensors> seen = List.of();
    private List<LoraTensors> stacked = List.of();
    private PtNDArray[] stack = UNLIKE;
    private @Nullable Scope scope;

    LoraStacks(NativeMemory memory, PtSymbolBlock program) {
        this.memory = memory;
        this.program = program;
    }

    /**
     * {@code flat} with one stack in place of the adapters of {@code rows}, where there are many, each reads one token,
     * and all have one shape and were there in the step before.
     */
    Flat stacked(Flat flat, List<Step.Row> rows) {
        var adapted = rows.stream().filter(row -> row.adapter() != null).toList();
        if (adapted.size() < MANY
                || flat.groups().length != 2 * adapted.size()
                || adapted.stream().anyMatch(row -> row.tokens().length != 1)) {
            return flat;
        }
        var adapters = adapted.stream().map(Step.Row::adapter).toList();
        if (!adapters.equals(stacked)) {
            if (!adapters.equals(seen)) {
                seen = adapters;
                return flat;
            }
            make(adapters, flat.lora());
        }
        return stack.length == 0 ? flat : flat.by(stack, flat.groups()[0], flat.groups()[0] + adapted.size());
    }

    private void make(List<LoraTensors> adapters, PtNDArray[] lora) {
        close();
        stacked = adapters;
        int stride = lora.length / adapters.size();
        for (int i = stride; i < lora.length; i++) {
            if (!lora[i].getShape().equals(lora[i % stride].getShape())) {
                return;
            }
        }
        var made = memory.open();
        try (var now = memory.open()) {
            var whole = Programs.run(
                    program, now, "stack", now.own(IValue.listFrom(lora)), now.own(IValue.from((long) stride)));
            stack = whole.toTensorArray(made.manager());
            scope = made;
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    @Override
    public void close() {
        stacked = List.of();
        stack = UNLIKE;
        if (scope != null) {
            scope.close();
            scope = null;
        }
    }
}
