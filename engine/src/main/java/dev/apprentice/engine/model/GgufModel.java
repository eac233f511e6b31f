package dev.apprentice.engine.model;

import dev.apprentice.engine.model.GgufFile.GgufTensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Translates a GGUF file into Hugging Face terms: configuration, names, row order, tokenizer, templates. */
final class GgufModel {
    private static final Pattern LAYER = Pattern.compile("blk\\.(0|[1-9][0-9]{0,4})\\.([a-z_]+)\\.(weight|bias)");
    private static final Map<String, String> OUTSIDE = Map.of(
            "token_embd.weight", "model.embed_tokens.weight",
            "output_norm.weight", "model.norm.weight",
            "output.weight", "lm_head.weight");
    private static final Map<String, String> INSIDE = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private GgufModel() {}

    static ModelParts read(MappedFile mapped, String name) {
        var blame = mapped.blame();
        var file = GgufFile.read(mapped.bytes(), blame);
        var config = new GgufConfig(file, blame);
        var shape = config.read();
        var tensors = tensors(file, shape, config.interleaves(), blame);
        TensorPlan.check(shape, tensors, blame);
        var tokenizer = GgufTokenizer.read(file.metadata(), blame);
        if (tokenizer.size() > shape.vocabulary()) {
            throw blame.contradictory(
                    "tokenizer.ggml.tokens",
                    "at most " + shape.vocabulary() + ", the rows of token_embd.weight",
                    String.valueOf(tokenizer.size()));
        }
        return new ModelParts(
                name,
                shape,
                tokenizer.json(),
                tokenizer.specials(),
                templates(file.metadata()),
                GenerationDefaults.NONE,
                tensors);
    }

    private static Map<String, MappedTensor> tensors(
            GgufFile file, ModelConfig config, boolean interleaved, Blame blame) {
        var found = new HashMap<String, MappedTensor>();
        for (var tensor : file.tensors().values()) {
            if (tensor.name().equals("rope_freqs.weight")) {
                continue; // read with the configuration
            }
            var name = huggingFaceName(tensor.name());
            if (name == null) {
                throw blame.unsupported(tensor.name(), "no tensor of that name in this kind of model", "one");
            }
            found.put(name, mapped(name, tensor, config, interleaved, blame));
        }
        var ordered = new LinkedHashMap<String, MappedTensor>();
        for (var name : TensorPlan.of(config).keySet()) {
            var tensor = found.remove(name);
            if (tensor != null) {
                ordered.put(name, tensor);
            }
        }
        ordered.putAll(found);
        return ordered;
    }

    private static MappedTensor mapped(
            String name, GgufTensor tensor, ModelConfig config, boolean interleaved, Blame blame) {
        boolean rotated = name.contains(".q_proj.") || name.contains(".k_proj.");
        var order = interleaved && rotated ? RowOrder.interleaved(config.headDim()) : RowOrder.SAME;
        return new MappedTensor(name, tensor.shape(), tensor.encoding(), tensor.data(), order, blame);
    }

    static @Nullable String huggingFaceName(String ggufName) {
        var layer = LAYER.matcher(ggufName);
        if (!layer.matches()) {
            return OUTSIDE.get(ggufName);
        }
        var module = INSIDE.get(layer.group(2));
        return module == null ? null : "model.layers." + layer.group(1) + "." + module + "." + layer.group(3);
    }

    private static Map<String, String> templates(GgufMetadata metadata) {
        var templates = new LinkedHashMap<String, String>();
        var main = metadata.text("tokenizer.chat_template");
        if (main != null) {
            templates.put("default", main);
        }
        var prefix = "tokenizer.chat_template.";
        for (var key : metadata.keys()) {
            var source = key.startsWith(prefix) ? metadata.text(key) : null;
            if (source != null) {
                templates.putIfAbsent(key.substring(prefix.length()), source);
            }
        }
        return templates;
    }
}
