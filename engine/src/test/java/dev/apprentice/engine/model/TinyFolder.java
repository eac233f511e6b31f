package dev.apprentice.engine.model;

import dev.apprentice.engine.model.SafetensorsBytes.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A small Llama as a Hugging Face folder, right in every part until a test spoils one. */
final class TinyFolder {
    static final int VOCABULARY = 12;

    final Map<String, @Nullable Object> config = OrderedJson.object(
            "architectures", new String[] {"LlamaForCausalLM"},
            "model_type", "llama",
            "hidden_size", 8,
            "num_hidden_layers", 2,
            "num_attention_heads", 2,
            "num_key_value_heads", 1,
            "intermediate_size", 6,
            "vocab_size", VOCABULARY,
            "max_position_embeddings", 64,
            "rms_norm_eps", 1e-5,
            "tie_word_embeddings", true,
            "eos_token_id", 2);
    final Map<String, Tensor> tensors = new LinkedHashMap<>();
    final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Path path;

    TinyFolder(Path path) {
        this.path = path;
        tensor("model.embed_tokens.weight", VOCABULARY, 8);
        for (int n = 0; n < 2; n++) {
            var layer = "model.layers." + n + ".";
            tensor(layer + "input_layernorm.weight", 8);
            tensor(layer + "self_attn.q_proj.weight", 8, 8);
            tensor(layer + "self_attn.k_proj.weight", 4, 8);
            tensor(layer + "self_attn.v_proj.weight", 4, 8);
            tensor(layer + "self_attn.o_proj.weight", 8, 8);
            tensor(layer + "post_attention_layernorm.weight", 8);
            tensor(layer + "mlp.gate_proj.weight", 6, 8);
            tensor(layer + "mlp.up_proj.weight", 6, 8);
            tensor(layer + "mlp.down_proj.weight", 8, 6);
        }
        tensor("model.norm.weight", 8);
        file("tokenizer.json", tokenizer("<unk>", "<s>", "</s>", "a", "b", "ab"));
    }

    void tensor(String name, long... shape) {
        tensors.put(name, Tensor.numbered(tensors.size(), shape));
    }

    void file(String name, String text) {
        files.put(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A tokenizer.json with these tokens, the first three of them special. */
    static String tokenizer(String... tokens) {
        var vocabulary = new LinkedHashMap<String, Integer>();
        for (var token : tokens) {
            vocabulary.put(token, vocabulary.size());
        }
        var added = new Object[] {
            OrderedJson.object("id", 0, "content", tokens[0], "special", true),
            OrderedJson.object("id", 1, "content", tokens[1], "special", true),
            OrderedJson.object("id", 2, "content", tokens[2], "special", true)
        };
        var model = OrderedJson.object(
                "type", "BPE", "vocab", vocabulary, "merges", new Object[] {new String[] {"a", "b"}});
        return new String(
                OrderedJson.bytes(OrderedJson.object("added_tokens", added, "model", model)), StandardCharsets.UTF_8);
    }

    /** Writes it all; {@code model.safetensors} only if {@link #files} has no weights. */
    Path write() {
        if (files.keySet().stream().noneMatch(name -> name.endsWith(".safetensors") || name.endsWith(".bin"))) {
            files.put("model.safetensors", SafetensorsBytes.of(tensors));
        }
        files.putIfAbsent("config.json", OrderedJson.bytes(config));
        try {
            for (var file : files.entrySet()) {
                var target = path.resolve(file.getKey());
                Files.createDirectories(target.getParent());
                Files.write(target, file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return path;
    }

    BaseModel open() {
        return BaseModel.open(write());
    }
}
