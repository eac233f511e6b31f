package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.model.SafetensorsBytes.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder is read whole and right, or refused by the name of what is wrong with it. */
class HuggingFaceFolderTest {
    @TempDir
    Path path;

    private TinyFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new TinyFolder(path.resolve("tiny"));
    }

    @Test
    void opensASingleFile() {
        try (var model = folder.open()) {
            assertThat(model.name()).isEqualTo("tiny");
            assertThat(model.config().family()).isEqualTo(Family.LLAMA);
            assertThat(model.config().headDim()).isEqualTo(4);
            assertThat(model.config().tied()).isTrue();
            assertThat(model.config().contextTokens()).isEqualTo(64);
            assertThat(model.tensorNames())
                    .startsWith("model.embed_tokens.weight")
                    .hasSize(20);
            var tensor = model.tensor("model.layers.1.mlp.down_proj.weight");
            assertThat(tensor.shape()).containsExactly(8, 6);
            assertThat(tensor.storedType()).isEqualTo("F32");
            assertThat(tensor.toFloat32().getFloat(4)).isEqualTo(18 + 1 / 1024f);
            assertThat(model.specials().stopIds()).containsExactly(2);
        }
    }

    @Test
    void opensShardsByTheirIndex() {
        var first = new LinkedHashMap<String, Tensor>();
        var second = new LinkedHashMap<String, Tensor>();
        folder.tensors.forEach((name, tensor) -> (name.contains("layers.1") ? second : first).put(name, tensor));
        shards(first, second);

        try (var model = folder.open()) {
            assertThat(model.tensorNames()).hasSize(20);
            assertThat(model.digest()).hasSize(64);
        }
    }

    @Test
    void namesTheShardThatIsNotThere() {
        shards(folder.tensors, Map.of("x", Tensor.numbered(0, 1)));
        folder.files.remove("b.safetensors");

        refused("model_incomplete", "b.safetensors");
    }

    @Test
    void namesTheTensorThatIsNotInItsShard() {
        shards(folder.tensors, Map.of("model.extra", Tensor.numbered(0, 1)));
        folder.files.put("b.safetensors", SafetensorsBytes.of(Map.of()));

        refused("model_incomplete", "model.extra");
    }

    @Test
    void refusesATensorInTwoShards() {
        folder.files.put("a.safetensors", SafetensorsBytes.of(folder.tensors));
        folder.files.put("b.safetensors", SafetensorsBytes.of(Map.of("model.norm.weight", Tensor.numbered(0, 8))));
        folder.file(
                "model.safetensors.index.json",
                "{\"weight_map\":{\"model.norm.weight\":\"b.safetensors\",\"model.embed_tokens.weight\":\"a.safetensors\"}}");

        refused("model_contradictory", "a tensor that model.safetensors.index.json maps to this file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.safetensors", "/etc/a.safetensors", "x/a.safetensors", "..", "a.bin", ""})
    void refusesShardNamesThatLeaveTheFolder(String name) {
        folder.file("model.safetensors.index.json", "{\"weight_map\":{\"model.norm.weight\":\"" + name + "\"}}");

        refused("model_damaged", "weight_map.model.norm.weight");
    }

    @Test
    void refusesAnIndexBesideASingleFile() {
        folder.files.put("model.safetensors", SafetensorsBytes.of(folder.tensors));
        folder.file("model.safetensors.index.json", "{\"weight_map\":{\"model.norm.weight\":\"b.safetensors\"}}");

        refused("model_contradictory", "model.safetensors.index.json");
    }

    @Test
    void namesTheIndexThatIsMissing() {
        folder.files.put("model-00001-of-00002.safetensors", SafetensorsBytes.of(folder.tensors));

        refused("model_incomplete", "model.safetensors.index.json");
    }

    @Test
    void refusesPickles() {
        folder.file("pytorch_model.bin", "x");

        refused("model_unsupported", "pickle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
    void knowsGitLfsPointers(String name) {
        folder.file(name, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");

        refused("model_damaged", "git lfs pull");
    }

    @Test
    void namesAMissingConfiguration() {
        folder.write();
        assertThat(path.resolve("tiny/config.json").toFile().delete()).isTrue();

        assertThatThrownBy(() -> BaseModel.open(path.resolve("tiny")))
                .isInstanceOf(BadModelException.class)
                .hasMessageContaining("config.json");
    }

    @Test
    void saysThatTokenizerModelAloneIsNotEnough() {
        folder.files.remove("tokenizer.json");
        folder.file("tokenizer.model", "x");

        refused("model_incomplete", "tokenizer.model alone");
    }

    @Test
    void namesAMissingTensor() {
        folder.tensors.remove("model.layers.1.self_attn.k_proj.weight");

        refused("model_incomplete", "model.layers.1.self_attn.k_proj.weight");
    }

    @Test
    void namesATensorOfTheWrongShape() {
        folder.tensor("model.layers.1.self_attn.k_proj.weight", 8, 8);

        refused("model_contradictory", "expected shape [4, 8], found shape [8, 8]");
    }

    @Test
    void namesATensorThatNobodyAskedFor() {
        folder.tensor("model.layers.2.mlp.up_proj.weight", 6, 8);

        refused("model_unsupported", "model.layers.2.mlp.up_proj.weight");
    }

    @Test
    void ignoresOldRotaryBuffers() {
        folder.tensor("model.layers.0.self_attn.rotary_emb.inv_freq", 2);

        try (var model = folder.open()) {
            assertThat(model.tensorNames()).hasSize(20);
        }
    }

    @Test
    void refusesWeightsThatAreNotFloats() {
        folder.tensors.put("model.norm.weight", new Tensor("I32", new long[] {8}, new byte[32]));

        refused("model_unsupported", "model.norm.weight (dtype)");
    }

    @Test
    void findsNumbersThatAreNotFinite() {
        var values = new float[48];
        values[13] = Float.NaN;
        folder.tensors.put("model.layers.1.mlp.down_proj.weight", Tensor.f32(values, 8, 6));

        try (var model = folder.open()) {
            assertThatThrownBy(() ->
                            model.tensor("model.layers.1.mlp.down_proj.weight").toFloat32())
                    .isInstanceOf(BadModelException.class)
                    .hasMessageContaining("model.safetensors: model.layers.1.mlp.down_proj.weight")
                    .hasMessageContaining("NaN in row 2, column 1");
        }
    }

    @Test
    void usesAStoredHeadThatDiffersFromTheEmbedding() {
        folder.tensor("lm_head.weight", TinyFolder.VOCABULARY, 8);

        try (var model = folder.open()) {
            assertThat(model.config().tied()).isFalse();
            assertThat(model.tensor("lm_head.weight").toFloat32().getFloat(0)).isEqualTo(20);
        }
    }

    @Test
    void tiesAStoredHeadThatIsTheEmbedding() {
        folder.tensors.put("lm_head.weight", folder.tensors.get("model.embed_tokens.weight"));

        try (var model = folder.open()) {
            assertThat(model.config().tied()).isTrue();
            assertThat(model.tensorNames()).doesNotContain("lm_head.weight");
        }
    }

    @Test
    void wantsAHeadWhereItIsNotTied() {
        folder.config.remove("tie_word_embeddings");

        refused("model_incomplete", "lm_head.weight");
    }

    @Test
    void wantsTheTokenizerToFitTheEmbedding() {
        folder.file("tokenizer.json", TinyFolder.tokenizer("0 1 2 3 4 5 6 7 8 9 a b ab".split(" ", -1)));

        refused("model_contradictory", "expected fewer than 12, as vocab_size says, found 12");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"added_tokens":[]}                                                | model
                    []                                                                 | START_OBJECT
                    {"model":{"vocab":{"a":-1}}}                                       | id of a
                    {"model":{"vocab":{"a":1.5}}}                                      | model.vocab.a
                    {"model":{"vocab":{"a":99999999999999999999}}}                     | id of a
                    {"model":{"vocab":{"a":0}},"added_tokens":[{"id":"x"}]}            | added_tokens
                    {"model":{"vocab":{"a":0                                           | JSON
                    """)
    void refusesDamagedTokenizers(String json, String complaint) {
        folder.file("tokenizer.json", json);

        assertThatThrownBy(folder::open)
                .isInstanceOf(BadModelException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining(complaint);
    }

    private void shards(Map<String, Tensor> first, Map<String, Tensor> second) {
        folder.files.put("a.safetensors", SafetensorsBytes.of(first));
        folder.files.put("b.safetensors", SafetensorsBytes.of(second));
        var map = new LinkedHashMap<String, String>();
        first.keySet().forEach(name -> map.put(name, "a.safetensors"));
        second.keySet().forEach(name -> map.put(name, "b.safetensors"));
        folder.file(
                "model.safetensors.index.json",
                new String(OrderedJson.bytes(Map.of("weight_map", map)), StandardCharsets.UTF_8));
    }

    private void refused(String code, String complaint) {
        assertThatThrownBy(folder::open)
                .isInstanceOfSatisfying(BadModelException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.expected()).isNotNull();
                    assertThat(e.found()).isNotNull();
                })
                .hasMessageContaining(path.toString())
                .hasMessageContaining(complaint);
    }
}
