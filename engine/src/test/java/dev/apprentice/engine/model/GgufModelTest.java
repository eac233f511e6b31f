package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.model.GgufBytes.Typed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A GGUF file is read whole and right, or refused by the name of what is wrong with it. */
class GgufModelTest {
    @TempDir
    Path dir;

    private final GgufBytes gguf = new GgufBytes();

    @Test
    void opensAFileInHuggingFaceTerms() {
        try (var model = open(gguf.bytes())) {
            assertThat(model.name()).isEqualTo("tiny");
            assertThat(model.config().headDim()).isEqualTo(4);
            assertThat(model.config().tied()).isTrue();
            assertThat(model.config().qkvBias()).isFalse();
            assertThat(model.config().vocabulary()).isEqualTo(6);
            assertThat(model.tensorNames())
                    .startsWith("model.embed_tokens.weight")
                    .hasSize(11);
            assertThat(model.tensor("model.layers.0.mlp.down_proj.weight").shape())
                    .containsExactly(8, 6);
            assertThat(model.specials().bos()).isEqualTo("<|im_start|>");
            assertThat(model.specials().addBos()).isFalse();
            assertThat(model.specials().stopIds()).containsExactly(0, 2);
            assertThat(model.chatTemplates()).isEmpty();
        }
    }

    @Test
    void opensTheOnlyGgufOfAFolder() throws IOException {
        Files.write(dir.resolve("one.gguf"), gguf.bytes());

        try (var model = BaseModel.open(dir)) {
            assertThat(model.name()).isEqualTo("one");
        }
        Files.write(dir.resolve("two.gguf"), gguf.bytes());
        assertThatThrownBy(() -> BaseModel.open(dir)).hasMessageContaining("one.gguf, two.gguf");
    }

    @Test
    void putsTheRowsOfQueriesAndKeysBack() {
        // head_dim 4: rows are stored 0 2 1 3 in each head; row r of the stored tensor begins with number + r·8/1024
        try (var model = open(gguf.bytes())) {
            var query = model.tensor("model.layers.0.self_attn.q_proj.weight").toFloat32();
            int[] stored = {0, 2, 1, 3, 4, 6, 5, 7};
            for (int row = 0; row < 8; row++) {
                assertThat(query.getFloat(4 * 8 * row)).isEqualTo(2 + stored[row] * 8 / 1024f);
            }
            var value = model.tensor("model.layers.0.self_attn.v_proj.weight").toFloat32();
            assertThat(value.getFloat(4 * 8)).isEqualTo(4 + 8 / 1024f);
        }
    }

    @Test
    void leavesTheRowsOfQwenAlone() {
        for (var key : List.copyOf(gguf.metadata.keySet())) {
            if (key.startsWith("llama.")) {
                gguf.metadata.put(key.replace("llama.", "qwen2."), gguf.metadata.get(key));
            }
        }
        gguf.metadata.put("general.architecture", "qwen2");
        gguf.tensor("blk.0.attn_q.bias", 8);
        gguf.tensor("blk.0.attn_k.bias", 4);
        gguf.tensor("blk.0.attn_v.bias", 4);

        try (var model = open(gguf.bytes())) {
            assertThat(model.config().qkvBias()).isTrue();
            var query = model.tensor("model.layers.0.self_attn.q_proj.weight").toFloat32();
            assertThat(query.getFloat(4 * 8)).isEqualTo(2 + 8 / 1024f);
        }
    }

    @Test
    void readsNamedTemplates() {
        gguf.metadata.put("tokenizer.chat_template.tool_use", "T");
        gguf.metadata.put("tokenizer.chat_templates", List.of("tool_use"));
        gguf.metadata.put("tokenizer.chat_template", "D");

        try (var model = open(gguf.bytes())) {
            assertThat(model.chatTemplates().entrySet())
                    .map(Object::toString)
                    .containsExactly("default=D", "tool_use=T");
        }
    }

    @Test
    void takesPerLayerNumbersOnlyIfTheyAreEqual() {
        gguf.metadata.put("llama.attention.head_count_kv", List.of(1, 1));
        open(gguf.bytes()).close();

        gguf.metadata.put("llama.attention.head_count_kv", List.of(1, 2));
        refused("model_unsupported", "llama.attention.head_count_kv");
    }

    @Test
    void takesNumbersOfAnyWidth() {
        gguf.metadata.put("llama.block_count", 1L);
        gguf.metadata.put("llama.context_length", new Typed(2, new byte[] {(byte) 64, 0}));

        try (var model = open(gguf.bytes())) {
            assertThat(model.config().contextTokens()).isEqualTo(64);
        }
    }

    @Test
    void dividesFrequenciesByTheStoredNumbers() {
        gguf.tensor("rope_freqs.weight", 2); // 11, 11 + 1/1024

        try (var model = open(gguf.bytes())) {
            assertThat(model.config().rope().inverseFrequencies())
                    .containsExactly((float) (1 / 11.0), (float) (0.01 / (11 + 1 / 1024.0)));
            assertThat(model.tensorNames()).hasSize(11);
        }
    }

    static Stream<Arguments> metadata() {
        return Stream.of(
                Arguments.of("general.architecture", "gemma3", "model_unsupported"),
                Arguments.of("general.architecture", 3, "model_damaged"),
                Arguments.of("general.type", "adapter", "model_unsupported"),
                Arguments.of("general.alignment", 0, "model_damaged"),
                Arguments.of("general.alignment", 48, "model_damaged"),
                Arguments.of("general.alignment", "x", "model_damaged"),
                Arguments.of("split.count", 3, "model_unsupported"),
                Arguments.of("llama.block_count", 0, "model_damaged"),
                Arguments.of("llama.block_count", -1, "model_damaged"),
                Arguments.of("llama.block_count", Long.MIN_VALUE, "model_damaged"),
                Arguments.of("llama.block_count", List.of(), "model_damaged"),
                Arguments.of("llama.embedding_length", Long.MAX_VALUE, "model_damaged"),
                Arguments.of("llama.expert_count", 8, "model_unsupported"),
                Arguments.of("llama.attention.causal", false, "model_unsupported"),
                Arguments.of("llama.attn_logit_softcapping", 30f, "model_unsupported"),
                Arguments.of("llama.attention.value_length", 8, "model_unsupported"),
                Arguments.of("llama.rope.freq_base", Float.NaN, "model_damaged"),
                Arguments.of("llama.rope.scaling.type", "longrope", "model_unsupported"),
                Arguments.of("llama.vocab_size", 7, "model_contradictory"),
                Arguments.of("tokenizer.ggml.model", "bert", "model_unsupported"),
                Arguments.of("tokenizer.ggml.pre", "gpt-9", "model_unsupported"),
                Arguments.of("tokenizer.ggml.tokens", List.of("a", "a"), "model_contradictory"),
                Arguments.of("tokenizer.ggml.eos_token_id", 6, "model_contradictory"),
                Arguments.of("tokenizer.ggml.merges", List.of("a c"), "model_contradictory"),
                Arguments.of("tokenizer.ggml.merges", List.of("ab"), "model_damaged"));
    }

    @ParameterizedTest
    @MethodSource("metadata")
    void refusesMetadataByName(String key, Object value, String code) {
        gguf.metadata.put(key, value);

        refused(code, key.equals("tokenizer.ggml.tokens") ? "tokenizer.ggml.token_type" : key);
    }

    @ParameterizedTest
    @CsvSource({
        "general.architecture",
        "llama.block_count",
        "llama.attention.layer_norm_rms_epsilon",
        "tokenizer.ggml.model",
        "tokenizer.ggml.tokens",
        "tokenizer.ggml.merges"
    })
    void namesMissingMetadata(String key) {
        gguf.metadata.remove(key);

        refused("model_incomplete", key);
    }

    @Test
    void namesADuplicateToken() {
        gguf.metadata.put(
                "tokenizer.ggml.tokens", List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "a", "b", "a"));

        refused("model_damaged", "tokenizer.ggml.tokens[5]: expected each token once, found a, also 3");
    }

    @Test
    void leavesUnusedTokensOut() {
        gguf.metadata.put("tokenizer.ggml.tokens", List.of("<|endoftext|>", "[PAD]", "", "a", "b", "ab"));
        gguf.metadata.put("tokenizer.ggml.token_type", List.of(3, 5, 1, 1, 1, 1));

        try (var model = open(gguf.bytes())) {
            assertThat(new String(model.tokenizerJson(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("\"vocab\":{\"<|endoftext|>\":0,\"a\":3,\"b\":4,\"ab\":5}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x46554746, 3, magic",
        "0x04034b50, 3, magic",
        "0x46554747, 1, version",
        "0x46554747, 99, version",
        "0x46554747, 0x03000000, version"
    })
    void refusesOtherContainers(String magic, String version, String field) {
        gguf.magic = Integer.decode(magic);
        gguf.version = Integer.decode(version);

        refused(null, field);
    }

    @ParameterizedTest
    @CsvSource({
        "4611686018427387904, 0, n_tensors",
        "0, 4611686018427387904, n_kv",
        "-2147483648, 0, n_tensors",
        "1000000, 0, n_tensors",
        "0, 1000000, n_kv"
    })
    void refusesAbsurdCounts(long tensors, long entries, String field) {
        gguf.extraTensors = tensors;
        gguf.extraEntries = entries;

        refused("model_damaged", field);
    }

    @Test
    void refusesNestedArraysAndUnknownTypes() {
        gguf.metadata.put("general.x", List.of(List.of(1)));
        refused("model_unsupported", "general.x");

        gguf.metadata.put("general.x", new Typed(13, 1));
        refused("model_damaged", "general.x");
    }

    @Test
    void refusesAVocabularyWithoutWeights() {
        gguf.tensors.clear();

        refused("model_incomplete", "vocabulary only");
    }

    @Test
    void namesTensorsThatAreMissingUnknownOrMisshapen() {
        var kept = gguf.tensors.remove("blk.0.ffn_up.weight");
        refused("model_incomplete", "model.layers.0.mlp.up_proj.weight");

        gguf.tensors.put("blk.1.ffn_up.weight", kept);
        refused("model_incomplete", "model.layers.0.mlp.up_proj.weight");

        gguf.tensors.put("blk.0.ffn_up.weight", kept);
        refused("model_unsupported", "model.layers.1.mlp.up_proj.weight");

        gguf.tensors.remove("blk.1.ffn_up.weight");
        gguf.tensor("blk.0.ffn_up.weight", 6, 8);
        refused("model_contradictory", "expected shape [6, 8], found shape [8, 6]");
    }

    @Test
    void refusesTypesThatItCannotUnpack() {
        gguf.tensors.put("output_norm.weight", new GgufBytes.Tensor(16, new long[] {8}, new byte[32]));

        refused("model_unsupported", "ggml type 16");
    }

    @Test
    void refusesRowsThatAreNoWholeBlocks() {
        gguf.tensors.put("output_norm.weight", new GgufBytes.Tensor(3, new long[] {8}, new byte[20]));

        refused("model_damaged", "rows of whole Q4_1 blocks of 32, found rows of 8");
    }

    @Test
    void refusesShapesThatOverflow() {
        gguf.tensors.put(
                "output_norm.weight",
                new GgufBytes.Tensor(
                        0, new long[] {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 8}, new byte[32]));
        refused("model_damaged", "output_norm.weight");

        gguf.tensors.put("output_norm.weight", new GgufBytes.Tensor(0, new long[] {1L << 62}, new byte[32]));
        refused("model_damaged", "output_norm.weight (ne)");
    }

    @Test
    void namesTheTensorThatIsCut() {
        var whole = gguf.bytes();

        assertThatThrownBy(() -> open(Arrays.copyOf(whole, whole.length - 100)))
                .isInstanceOf(BadModelException.class)
                .hasMessageContaining("the file is cut short")
                .hasMessageContaining("blk.0.ffn_down.weight");
    }

    @Test
    void findsNumbersThatAreNotFinite() {
        var data = new byte[32];
        data[31] = 0x7F;
        data[30] = (byte) 0x80;
        gguf.tensors.put("output_norm.weight", new GgufBytes.Tensor(0, new long[] {8}, data));

        try (var model = open(gguf.bytes())) {
            assertThatThrownBy(() -> model.tensor("model.norm.weight").toFloat32())
                    .isInstanceOf(BadModelException.class)
                    .hasMessageContaining("tiny.gguf: model.norm.weight")
                    .hasMessageContaining("in row 0, column 7");
        }
    }

    private BaseModel open(byte[] bytes) {
        var path = dir.resolve("tiny.gguf");
        try {
            Files.write(path, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return BaseModel.open(path);
    }

    private void refused(@org.jspecify.annotations.Nullable String code, String complaint) {
        assertThatThrownBy(() -> open(gguf.bytes()).close())
                .isInstanceOfSatisfying(BadModelException.class, e -> {
                    if (code != null) {
                        assertThat(e.code()).isEqualTo(code);
                    }
                    assertThat(e.expected()).isNotNull();
                    assertThat(e.found()).isNotNull();
                })
                .hasMessageContaining("tiny.gguf")
                .hasMessageContaining(complaint);
    }
}
