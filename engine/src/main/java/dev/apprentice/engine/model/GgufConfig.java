package dev.apprentice.engine.model;

import dev.apprentice.engine.model.GgufFile.GgufTensor;
import java.util.Map;
import java.util.OptionalLong;

/** Reads a {@link ModelConfig} from GGUF metadata; what no key says (tying, biases) is told by which tensors exist. */
final class GgufConfig {
    private static final String ROPE_DIVISORS = "rope_freqs.weight";

    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;
    private final Blame blame;
    private final String architecture;

    GgufConfig(GgufFile file, Blame blame) {
        this.metadata = file.metadata();
        this.tensors = file.tensors();
        this.blame = blame;
        this.architecture = metadata.requiredText("general.architecture");
    }

    ModelConfig read() {
        refuseOtherKinds();
        int hidden = positive("embedding_length", ModelConfig.WIDTH_MAX);
        int heads = positive("attention.head_count", ModelConfig.HEADS_MAX);
        int kvHeads = metadata.positive(key("attention.head_count_kv"), ModelConfig.HEADS_MAX, OptionalLong.of(heads));
        int headDim = headDim(hidden, heads);
        var epsilon = metadata.number(key("attention.layer_norm_rms_epsilon"))
                .orElseThrow(() -> blame.missing(key("attention.layer_norm_rms_epsilon"), "a number"));
        int layers = positive("block_count", ModelConfig.LAYERS_MAX);
        int intermediate = positive("feed_forward_length", ModelConfig.WIDTH_MAX);
        int context = positive("context_length", Integer.MAX_VALUE);
        int vocabulary = vocabulary();
        var rope = rope(headDim, context);
        return blame.naming(() -> new ModelConfig(
                family(),
                layers,
                hidden,
                heads,
                kvHeads,
                headDim,
                intermediate,
                vocabulary,
                context,
                epsilon,
                rope,
                !tensors.containsKey("output.weight"),
                tensors.containsKey("blk.0.attn_q.bias") || family() == Family.QWEN2,
                tensors.containsKey("blk.0.attn_output.bias"),
                tensors.containsKey("blk.0.ffn_gate.bias"),
                family() == Family.QWEN3));
    }

    Family family() {
        return switch (architecture) {
            case "llama" -> Family.LLAMA;
            case "qwen2" -> Family.QWEN2;
            case "qwen3" -> Family.QWEN3;
            default -> throw blame.unsupported("general.architecture", "llama, qwen2 or qwen3", architecture);
        };
    }

    /** Whether the converter interleaved the rows of q and k. */
    boolean interleaves() {
        return architecture.equals("llama");
    }

    private void refuseOtherKinds() {
        var type = metadata.text("general.type");
        if (type != null && !type.equals("model")) {
            throw blame.unsupported("general.type", "model", type);
        }
        if (metadata.whole("split.count").orElse(1) > 1) {
            throw blame.unsupported(
                    "split.count",
                    "a model in one file",
                    metadata.whole("split.count").getAsLong() + " files");
        }
        family();
        if (tensors.isEmpty()) {
            throw blame.missing("n_tensors", "weights (this file holds a vocabulary only)");
        }
        if (metadata.whole(key("expert_count")).orElse(0) > 0) {
            throw blame.unsupported(key("expert_count"), "a dense model", "a mixture of experts");
        }
        if (Boolean.FALSE.equals(metadata.flag(key("attention.causal")))) {
            throw blame.unsupported(key("attention.causal"), "true", "false");
        }
        for (var name : metadata.keys()) {
            if (name.startsWith(architecture + ".") && name.endsWith("_softcapping")) {
                throw blame.unsupported(name, "no soft-capping", "some");
            }
        }
    }

    private int headDim(int hidden, int heads) {
        var fallback = hidden % heads == 0 ? OptionalLong.of(hidden / heads) : OptionalLong.empty();
        var rotated = metadata.whole(key("rope.dimension_count"));
        int headDim = metadata.positive(
                key("attention.key_length"),
                ModelConfig.HEAD_DIM_MAX,
                interleaves() && rotated.isPresent() ? rotated : fallback);
        var value = metadata.whole(key("attention.value_length"));
        if (value.orElse(headDim) != headDim) {
            throw blame.unsupported(
                    key("attention.value_length"), headDim + ", the key length", String.valueOf(value.getAsLong()));
        }
        if (rotated.orElse(headDim) != headDim) {
            throw blame.unsupported(
                    key("rope.dimension_count"), headDim + ", the whole head", String.valueOf(rotated.getAsLong()));
        }
        return headDim;
    }

    private int vocabulary() {
        var embedding = tensors.get("token_embd.weight");
        if (embedding == null || embedding.shape().length != 2) {
            throw blame.missing("token_embd.weight", "a matrix of that name");
        }
        long rows = embedding.shape()[0];
        long said = metadata.whole(key("vocab_size")).orElse(rows);
        if (said != rows || rows > ModelConfig.VOCABULARY_MAX) {
            throw blame.contradictory(
                    key("vocab_size"), rows + ", the rows of token_embd.weight", String.valueOf(said));
        }
        return (int) rows;
    }

    private Rope rope(int headDim, int context) {
        double theta = metadata.number(key("rope.freq_base")).orElse(10_000);
        if (!(theta > 1)) {
            throw blame.damaged(key("rope.freq_base"), "a number above 1", String.valueOf(theta));
        }
        return scaling(headDim, context).rope(theta, headDim);
    }

    private RopeScaling scaling(int headDim, int context) {
        var type = metadata.text(key("rope.scaling.type"));
        var legacy = metadata.number(key("rope.scale_linear"));
        var divisors = tensors.get(ROPE_DIVISORS);
        if (divisors != null && (type == null || type.equals("none"))) {
            return new RopeScaling.Divided(divisors(divisors, headDim));
        }
        return switch (type) {
            case null ->
                legacy.isPresent() ? new RopeScaling.Linear(factor("rope.scale_linear")) : new RopeScaling.None();
            case "none" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(factor("rope.scaling.factor"));
            case "yarn" -> yarn(context);
            default -> throw blame.unsupported(key("rope.scaling.type"), "none, linear or yarn", type);
        };
    }

    private RopeScaling yarn(int context) {
        double factor = factor("rope.scaling.factor");
        double extrapolation =
                metadata.number(key("rope.scaling.yarn_ext_factor")).orElse(1);
        if (extrapolation != 1 && extrapolation != -1) { // -1 is llama.cpp's "as the type says"
            throw blame.unsupported(key("rope.scaling.yarn_ext_factor"), "1", String.valueOf(extrapolation));
        }
        double attention = metadata.number(key("rope.scaling.yarn_attn_factor"))
                .orElse(metadata.number(key("rope.scaling.attn_factor")).orElse(1));
        if (metadata.has(key("rope.scaling.yarn_log_multiplier"))) {
            throw blame.unsupported(key("rope.scaling.yarn_log_multiplier"), "no such key", "one");
        }
        return new RopeScaling.Yarn(
                factor,
                metadata.positive(
                        key("rope.scaling.original_context_length"), Integer.MAX_VALUE, OptionalLong.of(context)),
                metadata.number(key("rope.scaling.yarn_beta_fast")).orElse(32),
                metadata.number(key("rope.scaling.yarn_beta_slow")).orElse(1),
                attention * RopeScaling.Yarn.attentionScale(factor, 1),
                true);
    }

    private double factor(String name) {
        double factor = metadata.number(key(name)).orElseThrow(() -> blame.missing(key(name), "a number"));
        if (!(factor >= 1)) {
            throw blame.damaged(key(name), "a number of at least 1", String.valueOf(factor));
        }
        return factor;
    }

    private float[] divisors(GgufTensor tensor, int headDim) {
        if (tensor.encoding() != Encoding.F32 || tensor.shape().length != 1 || tensor.shape()[0] != headDim / 2) {
            throw blame.contradictory(
                    ROPE_DIVISORS,
                    headDim / 2 + " floats",
                    tensor.encoding() + " of " + java.util.Arrays.toString(tensor.shape()));
        }
        var divisors = new float[headDim / 2];
        Dequantizer.row(Encoding.F32, tensor.data(), 0, divisors);
        for (float divisor : divisors) {
            if (!(divisor > 0 && divisor <= Float.MAX_VALUE)) {
                throw blame.damaged(ROPE_DIVISORS, "finite positive divisors", String.valueOf(divisor));
            }
        }
        return divisors;
    }

    private int positive(String name, int max) {
        return metadata.positive(key(name), max);
    }

    private String key(String name) {
        return architecture + "." + name;
    }
}
