package dev.apprentice.engine.decoder;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.ModelConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The base's weights in native memory, in the order of {@code decoder.py}'s legend: q, k and v as one matrix, gate and
 * up as another. In fp32, or all but the norms in bf16.
 */
final class DecoderWeights {
    private static final long BLOCK_FLOATS = 1L << 28;

    private final BaseModel model;
    private final NativeMemory memory;
    private final Scope scope;

    private final UnaryOperator<PtNDArray> form;

    private DecoderWeights(BaseModel model, NativeMemory memory, Scope scope, UnaryOperator<PtNDArray> form) {
        this.model = model;
        this.memory = memory;
        this.scope = scope;
        this.form = form;
    }

    /**
     * Loads all weights into {@code scope}.
     *
     * @param form what becomes of each that is no norm; its results live in {@code scope}
     */
    static PtNDArray[] load(BaseModel model, NativeMemory memory, Scope scope, UnaryOperator<PtNDArray> form) {
        return new DecoderWeights(model, memory, scope, form).all().toArray(PtNDArray[]::new);
    }

    private List<PtNDArray> all() {
        var config = model.config();
        var all = new ArrayList<PtNDArray>();
        all.add(form.apply(read("model.embed_tokens.weight")));
        all.add(read("model.norm.weight"));
        all.add(config.tied() ? scope.nothing() : form.apply(read("lm_head.weight")));
        for (int layer = 0; layer < config.layers(); layer++) {
            layer(all, config, "model.layers." + layer + ".");
        }
        return all;
    }

    private void layer(List<PtNDArray> all, ModelConfig config, String at) {
        var attention = at + "self_attn.";
        var mlp = at + "mlp.";
        all.add(read(at + "input_layernorm.weight"));
        all.add(joined(attention, "weight", "q_proj", "k_proj", "v_proj"));
        all.add(config.qkvBias() ? joined(attention, "bias", "q_proj", "k_proj", "v_proj") : scope.nothing());
        all.add(config.qkNorm() ? read(attention + "q_norm.weight") : scope.nothing());
        all.add(config.qkNorm() ? read(attention + "k_norm.weight") : scope.nothing());
        all.add(form.apply(read(attention + "o_proj.weight")));
        all.add(config.outBias() ? form.apply(read(attention + "o_proj.bias")) : scope.nothing());
        all.add(read(at + "post_attention_layernorm.weight"));
        all.add(joined(mlp, "weight", "gate_proj", "up_proj"));
        all.add(config.mlpBias() ? joined(mlp, "bias", "gate_proj", "up_proj") : scope.nothing());
        all.add(form.apply(read(mlp + "down_proj.weight")));
        all.add(config.mlpBias() ? form.apply(read(mlp + "down_proj.bias")) : scope.nothing());
    }

    private PtNDArray joined(String at, String kind, String... parts) {
        var names = new ArrayList<String>();
        for (var part : parts) {
            names.add(at + part + "." + kind);
        }
        return form.apply(read(names.toArray(String[]::new)));
    }

    /** The tensors one below the other. */
    private PtNDArray read(String... names) {
        long rows = 0;
        long width = 1;
        for (var name : names) {
            var shape = model.tensor(name).shape();
            rows += shape[0];
            width = shape.length == 1 ? 1 : shape[1];
        }
        var shape = model.tensor(names[0]).shape().length == 1 ? new long[] {rows} : new long[] {rows, width};
        return rows * width <= BLOCK_FLOATS ? whole(shape, rows * width, names) : inBlocks(width, names);
    }

    private PtNDArray whole(long[] shape, long floats, String... names) {
        if (names.length == 1) {
            return scope.floats(model.tensor(names[0]).toFloat32(), shape);
        }
        var all =
                ByteBuffer.allocateDirect(Math.toIntExact(floats * Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (var name : names) {
            all.put(model.tensor(name).toFloat32());
        }
        return scope.floats(all.flip(), shape);
    }

    private PtNDArray inBlocks(long width, String... names) {
        int rowsAtOnce = Math.toIntExact(Math.max(1, BLOCK_FLOATS / width));
        try (var blocks = memory.open()) {
            var list = new NDList();
            for (var name : names) {
                var tensor = model.tensor(name);
                long rows = tensor.shape()[0];
                for (long first = 0; first < rows; first += rowsAtOnce) {
                    int count = (int) Math.min(rowsAtOnce, rows - first);
                    list.add(blocks.floats(tensor.toFloat32(first, count), count, width));
                }
            }
            return Scope.move((PtNDArray) NDArrays.concat(list, 0), scope);
        }
    }
}
