package dev.apprentice.server.bench;

import dev.apprentice.engine.Json;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.BaseModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A model folder of the shape of Qwen2.5-0.5B with random weights in bf16 and the tokenizer of another model: its speed
 * is that of the real one, whatever it says.
 */
final class RandomBase {
    private static final int HIDDEN = 896;
    private static final int LAYERS = 24;
    private static final int HEADS = 14;
    private static final int KV_HEADS = 2;
    private static final int HEAD_DIM = 64;
    private static final int INTERMEDIATE = 4864;
    private static final int VOCABULARY = 151_936;
    private static final double SPREAD = 0.02;
    private static final short ONE = 0x3f80;
    private static final int BYTES = 2;
    private static final int CHUNK = 1 << 22;

    private RandomBase() {}

    /** Writes the folder, about a gigabyte, with the tokenizer of {@code like}. */
    static void write(Path folder, Path like) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("config.json"), Json.strict().writeValueAsBytes(config()));
        try (var base = BaseModel.open(like)) {
            Files.write(folder.resolve("tokenizer.json"), base.tokenizerJson());
            var template = base.chatTemplates().getOrDefault("default", "{{ messages[0]['content'] }}");
            Files.write(
                    folder.resolve("tokenizer_config.json"),
                    Json.strict().writeValueAsBytes(Map.of("chat_template", template)));
        }
        weights(folder.resolve("model.safetensors"));
    }

    private static Map<String, Object> config() {
        var config = new LinkedHashMap<String, Object>();
        config.put("architectures", List.of("Qwen2ForCausalLM"));
        config.put("model_type", "qwen2");
        config.put("hidden_act", "silu");
        config.put("hidden_size", HIDDEN);
        config.put("intermediate_size", INTERMEDIATE);
        config.put("num_hidden_layers", LAYERS);
        config.put("num_attention_heads", HEADS);
        config.put("num_key_value_heads", KV_HEADS);
        config.put("max_position_embeddings", 32_768);
        config.put("rms_norm_eps", 1e-6);
        config.put("rope_theta", 1e6);
        config.put("tie_word_embeddings", true);
        config.put("use_sliding_window", false);
        config.put("vocab_size", VOCABULARY);
        config.put("torch_dtype", "bfloat16");
        return config;
    }

    private static Map<String, List<Integer>> shapes() {
        var shapes = new LinkedHashMap<String, List<Integer>>();
        shapes.put("model.embed_tokens.weight", List.of(VOCABULARY, HIDDEN));
        shapes.put("model.norm.weight", List.of(HIDDEN));
        int kv = KV_HEADS * HEAD_DIM;
        for (int l = 0; l < LAYERS; l++) {
            var layer = "model.layers." + l + ".";
            shapes.put(layer + "input_layernorm.weight", List.of(HIDDEN));
            shapes.put(layer + "post_attention_layernorm.weight", List.of(HIDDEN));
            shapes.put(layer + "self_attn.q_proj.weight", List.of(HIDDEN, HIDDEN));
            shapes.put(layer + "self_attn.q_proj.bias", List.of(HIDDEN));
            shapes.put(layer + "self_attn.k_proj.weight", List.of(kv, HIDDEN));
            shapes.put(layer + "self_attn.k_proj.bias", List.of(kv));
            shapes.put(layer + "self_attn.v_proj.weight", List.of(kv, HIDDEN));
            shapes.put(layer + "self_attn.v_proj.bias", List.of(kv));
            shapes.put(layer + "self_attn.o_proj.weight", List.of(HIDDEN, HIDDEN));
            shapes.put(layer + "mlp.gate_proj.weight", List.of(INTERMEDIATE, HIDDEN));
            shapes.put(layer + "mlp.up_proj.weight", List.of(INTERMEDIATE, HIDDEN));
            shapes.put(layer + "mlp.down_proj.weight", List.of(HIDDEN, INTERMEDIATE));
        }
        return shapes;
    }

    private static void weights(Path file) throws IOException {
        var shapes = shapes();
        var header = new LinkedHashMap<String, Object>();
        long end = 0;
        for (var tensor : shapes.entrySet()) {
            long begin = end;
            end += (long) BYTES * count(tensor.getValue());
            header.put(
                    tensor.getKey(),
                    Map.of("dtype", "BF16", "shape", tensor.getValue(), "data_offsets", List.of(begin, end)));
        }
        var json = new String(Json.strict().writeValueAsBytes(header), StandardCharsets.UTF_8);
        var padded = (json + " ".repeat(Math.floorMod(-json.length(), 8))).getBytes(StandardCharsets.UTF_8);
        try (var to = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            buffer.putLong(padded.length).put(padded);
            var random = Seams.random(1);
            for (var tensor : shapes.entrySet()) {
                boolean norm = tensor.getKey().endsWith("norm.weight");
                for (long i = count(tensor.getValue()); i > 0; i--) {
                    if (buffer.remaining() < BYTES) {
                        drain(buffer, to);
                    }
                    buffer.putShort(norm ? ONE : weight(random));
                }
            }
            drain(buffer, to);
        }
    }

    /** A bf16 number of about the spread that weights have; the sum of two evenly spread ones is good enough. */
    private static short weight(RandomGenerator random) {
        int bits = random.nextInt();
        double value = ((bits & 0xffff) + (bits >>> 16)) / 65_536.0 - 1;
        return (short) (Float.floatToRawIntBits((float) (value * SPREAD * 2)) >>> 16);
    }

    private static void drain(ByteBuffer buffer, FileChannel to) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
        buffer.clear();
    }

    private static long count(List<Integer> shape) {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }
}
