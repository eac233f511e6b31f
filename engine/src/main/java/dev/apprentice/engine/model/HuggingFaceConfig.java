package dev.apprentice.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a {@link ModelConfig} from a config.json. Absent fields mean what they mean to transformers; biases and the
 * tied head are settled together with the names of the stored tensors.
 */
final class HuggingFaceConfig {
    private static final String SUPPORTED =
            "LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM or Qwen3ForCausalLM";
    private static final int QWEN3_HEAD_DIM = 128;
    private static final int MISTRAL_WINDOW = 4096;
    private static final int QWEN_WINDOW = 4096;
    private static final int QWEN_WINDOW_LAYERS = 28;

    private final JsonFile config;
    private final Set<String> tensors;
    private final Blame blame;
    private final Family family;

    HuggingFaceConfig(JsonFile config, Set<String> tensors) {
        this.config = config;
        this.tensors = tensors;
        this.blame = config.blame();
        this.family = family(config);
    }

    /** Which family it is, before any weight file is looked for; refuses what can't be run by name. */
    static Family family(JsonFile config) {
        var blame = config.blame();
        for (var field : new String[] {"text_config", "vision_config", "audio_config"}) {
            if (config.get(field) != null) {
                throw blame.unsupported(field, "a text-only model", "a multimodal one");
            }
        }
        for (var field : new String[] {"num_local_experts", "num_experts", "n_routed_experts"}) {
            if (config.whole(field).orElse(0) > 0) {
                throw blame.unsupported(field, "a dense model", "a mixture of experts");
            }
        }
        var quantization = config.object("quantization_config");
        if (quantization != null) {
            var method = quantization.get("quant_method");
            throw blame.unsupported(
                    "quantization_config",
                    "float weights",
                    method == null ? "quantised ones" : "weights quantised by " + method.asText());
        }
        return switch (architecture(config)) {
            case "LlamaForCausalLM" -> Family.LLAMA;
            case "MistralForCausalLM" -> Family.MISTRAL;
            case "Qwen2ForCausalLM" -> Family.QWEN2;
            case "Qwen3ForCausalLM" -> Family.QWEN3;
            case String other -> throw blame.unsupported("architectures", SUPPORTED, other);
        };
    }

    private static String architecture(JsonFile config) {
        var architectures = config.get("architectures");
        if (architectures != null && architectures.isArray() && architectures.size() == 1) {
            return architectures.get(0).asText();
        }
        if (architectures != null && !(architectures.isArray() && architectures.isEmpty())) {
            throw config.wrong("architectures", "an array of one name", architectures);
        }
        return switch (config.text("model_type")) {
            case "llama" -> "LlamaForCausalLM";
            case "mistral" -> "MistralForCausalLM";
            case "qwen2" -> "Qwen2ForCausalLM";
            case "qwen3" -> "Qwen3ForCausalLM";
            case null -> throw config.blame().missing("architectures", SUPPORTED);
            case String other -> throw config.blame().unsupported("model_type", SUPPORTED, other);
        };
    }

    /** {@code sameHead} tells whether the stored head is, bit for bit, the embedding. */
    ModelConfig read(java.util.function.BooleanSupplier sameHead) {
        var activation = config.text("hidden_act");
        if (activation != null && !activation.equals("silu")) {
            throw blame.unsupported("hidden_act", "silu", activation);
        }
        int hidden = config.positive("hidden_size", ModelConfig.WIDTH_MAX);
        int heads = config.positive("num_attention_heads", ModelConfig.HEADS_MAX);
        int kvHeads = config.positive("num_key_value_heads", ModelConfig.HEADS_MAX, OptionalLong.of(heads));
        int headDim = config.positive("head_dim", ModelConfig.HEAD_DIM_MAX, defaultHeadDim(hidden, heads));
        int layers = config.positive("num_hidden_layers", ModelConfig.LAYERS_MAX);
        int positions = config.positive("max_position_embeddings", Integer.MAX_VALUE);
        int intermediate = config.positive("intermediate_size", ModelConfig.WIDTH_MAX);
        int vocabulary = config.positive("vocab_size", ModelConfig.VOCABULARY_MAX);
        double epsilon = config.atLeast("rms_norm_eps", 0, java.util.OptionalDouble.of(1e-6));
        var rope = new HuggingFaceRope(config).read(headDim, positions);
        int context = Math.min(positions, window(layers).orElse(positions));
        var tied = tied(sameHead);
        var qkvBias = attentionBias("q_proj");
        var outBias = attentionBias("o_proj");
        var mlpBias = mlpBias();
        return blame.naming(() -> new ModelConfig(
                family,
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
                tied,
                qkvBias,
                outBias,
                mlpBias,
                family == Family.QWEN3));
    }

    private OptionalLong defaultHeadDim(int hidden, int heads) {
        if (family == Family.QWEN3) {
            return OptionalLong.of(QWEN3_HEAD_DIM);
        }
        return hidden % heads == 0 ? OptionalLong.of(hidden / heads) : OptionalLong.empty();
    }

    /** The sliding window, where some layer has one: within it, full attention is exact. */
    private OptionalInt window(int layers) {
        refuseOtherLayerTypes();
        return switch (family) {
            case LLAMA -> OptionalInt.empty();
            case MISTRAL ->
                config.root().has("sliding_window") && config.get("sliding_window") == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(window("sliding_window", MISTRAL_WINDOW));
            case QWEN2, QWEN3 -> qwenWindow(layers);
        };
    }

    private OptionalInt qwenWindow(int layers) {
        boolean nulled = config.root().has("sliding_window") && config.get("sliding_window") == null;
        if (!config.flag("use_sliding_window", false) || nulled) {
            return OptionalInt.empty();
        }
        var types = config.get("layer_types");
        boolean slides = types == null
                ? config.whole("max_window_layers").orElse(QWEN_WINDOW_LAYERS) < layers
                : types.toString().contains("sliding_attention");
        return slides ? OptionalInt.of(window("sliding_window", QWEN_WINDOW)) : OptionalInt.empty();
    }

    private int window(String field, int absent) {
        return config.positive(field, Integer.MAX_VALUE, OptionalLong.of(absent));
    }

    private void refuseOtherLayerTypes() {
        var types = config.get("layer_types");
        if (types == null) {
            return;
        }
        for (JsonNode type : types) {
            if (!type.asText().equals("full_attention") && !type.asText().equals("sliding_attention")) {
                throw blame.unsupported("layer_types", "full_attention or sliding_attention", type.asText());
            }
        }
    }

    private boolean tied(java.util.function.BooleanSupplier sameHead) {
        boolean flag = config.flag("tie_word_embeddings", false);
        if (tensors.contains("lm_head.weight")) {
            return flag && sameHead.getAsBoolean();
        }
        if (!flag) {
            throw blame.missing("lm_head.weight", "a tensor of that name, as tie_word_embeddings is not true");
        }
        return true;
    }

    private boolean attentionBias(String projection) {
        var bias = "model.layers.0.self_attn." + projection + ".bias";
        boolean stored = tensors.contains(bias);
        return switch (family) {
            case QWEN2 -> projection.equals("q_proj"); // no flag: always on q, k and v
            case MISTRAL -> false;
            case LLAMA, QWEN3 -> agreed("attention_bias", bias, stored, projection.equals("q_proj"));
        };
    }

    private boolean mlpBias() {
        var bias = "model.layers.0.mlp.gate_proj.bias";
        return family == Family.LLAMA && agreed("mlp_bias", bias, tensors.contains(bias), true);
    }

    /** A stored bias without the flag would be ignored by transformers, and a flag without the bias be zeros. */
    private boolean agreed(String field, String bias, boolean stored, boolean required) {
        boolean flag = config.flag(field, false);
        if (stored && !flag) {
            throw blame.contradictory(field, "true, as there is a tensor " + bias, "false");
        }
        if (flag && !stored && required) {
            throw blame.missing(bias, "a tensor of that name, as " + field + " is true");
        }
        return stored;
    }
}
