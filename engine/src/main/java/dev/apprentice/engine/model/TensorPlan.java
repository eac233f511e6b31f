package dev.apprentice.engine.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which tensors a configuration calls for, and whether a model has exactly those. */
final class TensorPlan {
    private TensorPlan() {}

    /** Hugging Face name to shape, in the order of the forward pass. */
    static Map<String, long[]> of(ModelConfig c) {
        var plan = new LinkedHashMap<String, long[]>();
        long queries = (long) c.heads() * c.headDim();
        long keys = (long) c.kvHeads() * c.headDim();
        plan.put("model.embed_tokens.weight", new long[] {c.vocabulary(), c.hidden()});
        for (int n = 0; n < c.layers(); n++) {
            var layer = "model.layers." + n + ".";
            plan.put(layer + "input_layernorm.weight", new long[] {c.hidden()});
            linear(plan, layer + "self_attn.q_proj", queries, c.hidden(), c.qkvBias());
            linear(plan, layer + "self_attn.k_proj", keys, c.hidden(), c.qkvBias());
            linear(plan, layer + "self_attn.v_proj", keys, c.hidden(), c.qkvBias());
            linear(plan, layer + "self_attn.o_proj", c.hidden(), queries, c.outBias());
            if (c.qkNorm()) {
                plan.put(layer + "self_attn.q_norm.weight", new long[] {c.headDim()});
                plan.put(layer + "self_attn.k_norm.weight", new long[] {c.headDim()});
            }
            plan.put(layer + "post_attention_layernorm.weight", new long[] {c.hidden()});
            linear(plan, layer + "mlp.gate_proj", c.intermediate(), c.hidden(), c.mlpBias());
            linear(plan, layer + "mlp.up_proj", c.intermediate(), c.hidden(), c.mlpBias());
            linear(plan, layer + "mlp.down_proj", c.hidden(), c.intermediate(), c.mlpBias());
        }
        plan.put("model.norm.weight", new long[] {c.hidden()});
        if (!c.tied()) {
            plan.put("lm_head.weight", new long[] {c.vocabulary(), c.hidden()});
        }
        return plan;
    }

    /** Throws unless {@code tensors} are exactly those that {@code config} calls for, in name and shape. */
    static void check(ModelConfig config, Map<String, ? extends StoredTensor> tensors, Blame blame) {
        var plan = of(config);
        for (var wanted : plan.entrySet()) {
            var tensor = tensors.get(wanted.getKey());
            var shape = Arrays.toString(wanted.getValue());
            if (tensor == null) {
                throw blame.missing(wanted.getKey(), "a tensor of shape " + shape);
            }
            if (!Arrays.equals(tensor.shape(), wanted.getValue())) {
                throw blame.contradictory(
                        wanted.getKey(), "shape " + shape, "shape " + Arrays.toString(tensor.shape()));
            }
        }
        for (var name : tensors.keySet()) {
            if (!plan.containsKey(name)) {
                throw blame.unsupported(name, "no tensor of that name in this kind of model", "one");
            }
        }
    }

    private static void linear(Map<String, long[]> plan, String module, long out, long in, boolean bias) {
        plan.put(module + ".weight", new long[] {out, in});
        if (bias) {
            plan.put(module + ".bias", new long[] {out});
        }
    }
}
