package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.model.SafetensorsBytes.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An adapter fits the base whole, or is refused by the name of what doesn't. */
class PeftFolderTest {
    private static final ModelConfig BASE = new ModelConfig(
            Family.LLAMA,
            2,
            8,
            2,
            1,
            4,
            6,
            12,
            64,
            1e-5,
            new Rope(new float[] {1, 0.01f}, 1),
            true,
            false,
            false,
            false,
            false);
    private static final String Q0 = "base_model.model.model.layers.0.self_attn.q_proj";
    private static final String K1 = "base_model.model.model.layers.1.self_attn.k_proj";

    private final Map<String, @Nullable Object> config = OrderedJson.object(
            "peft_type",
            "LORA",
            "task_type",
            "CAUSAL_LM",
            "r",
            2,
            "lora_alpha",
            6,
            "target_modules",
            List.of("q_proj"),
            "layers_to_transform",
            List.of(0),
            "bias",
            "none");
    private final Map<String, Tensor> tensors = new TreeMap<>(
            Map.of(Q0 + ".lora_A.weight", Tensor.numbered(1, 2, 8), Q0 + ".lora_B.weight", Tensor.numbered(2, 8, 2)));

    @TempDir
    Path dir;

    @Test
    void readsWhatTheConfigurationAndTheTensorsSay() throws IOException {
        var module = only(read());

        assertThat(module.rank()).isEqualTo(2);
        assertThat(module.in()).isEqualTo(8);
        assertThat(module.out()).isEqualTo(8);
        assertThat(module.scale()).isEqualTo(3);
        assertThat(module.a()[9]).isEqualTo(1 + 9 / 1024f);
        assertThat(module.b()[15]).isEqualTo(2 + 15 / 1024f);
    }

    /** The same numbers, 1 + i/8, in every float type that adapters come in. */
    @ParameterizedTest
    @ValueSource(strings = {"F64", "F32", "F16", "BF16"})
    void readsEveryFloatType(String dtype) throws IOException {
        var data = java.nio.ByteBuffer.allocate(16 * 8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 16; i++) {
            float value = 1 + i / 8f;
            switch (dtype) {
                case "F64" -> data.putDouble(value);
                case "F32" -> data.putFloat(value);
                case "F16" -> data.putShort(Float.floatToFloat16(value));
                default -> data.putShort((short) (Float.floatToRawIntBits(value) >> 16));
            }
        }
        var stored = java.util.Arrays.copyOf(data.array(), data.position());
        tensors.put(Q0 + ".lora_A.weight", new Tensor(dtype, new long[] {2, 8}, stored));

        var a = only(read()).a();

        for (int i = 0; i < 16; i++) {
            assertThat(a[i]).isEqualTo(1 + i / 8f);
        }
    }

    @Test
    void scalesByTheRootOfTheRankWhereStabilised() throws IOException {
        config.put("use_rslora", true);

        assertThat(only(read()).scale()).isEqualTo(6 / Math.sqrt(2));
    }

    @Test
    void takesRanksAndAlphasByPattern() throws IOException {
        tensors.put(K1 + ".lora_A.weight", Tensor.numbered(3, 1, 8));
        tensors.put(K1 + ".lora_B.weight", Tensor.numbered(4, 4, 1));
        config.put("target_modules", List.of("model.layers.0.self_attn.q_proj", "model.layers.1.self_attn.k_proj"));
        config.remove("layers_to_transform");
        config.put("rank_pattern", Map.of("layers.1.*k_proj", 1));
        config.put("alpha_pattern", Map.of("k_proj", 5));

        var modules = read().modules();

        assertThat(modules.get("model.layers.1.self_attn.k_proj"))
                .satisfies(module -> assertThat(module.rank()).isEqualTo(1))
                .satisfies(module -> assertThat(module.scale()).isEqualTo(5));
        assertThat(modules.get("model.layers.0.self_attn.q_proj"))
                .satisfies(module -> assertThat(module.scale()).isEqualTo(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {".*\\.0\\.self_attn\\.q_proj", "(?P<layer>model.layers.0).*q_proj"})
    void takesTargetsAsARegularExpression(String regex) throws IOException {
        config.put("target_modules", regex);
        config.remove("layers_to_transform");

        assertThat(read().modules()).containsOnlyKeys("model.layers.0.self_attn.q_proj");
    }

    @Test
    void takesAllLinearLayers() throws IOException {
        config.put("target_modules", "all-linear");
        config.remove("layers_to_transform");
        tensors.clear();
        LinearModules.of(BASE).forEach((module, shape) -> {
            tensors.put("base_model.model." + module + ".lora_A.weight", Tensor.numbered(1, 2, shape[1]));
            tensors.put("base_model.model." + module + ".lora_B.weight", Tensor.numbered(1, shape[0], 2));
        });

        assertThat(read().modules()).hasSize(14);
    }

    @Test
    void writesWhatItReads() throws IOException {
        var adapter = read();

        PeftFolder.write(adapter, dir.resolve("again"), "tiny");
        var again = PeftFolder.read(dir.resolve("again"), BASE);
        var unzipped = PeftFolder.readZip(PeftFolder.zip(adapter, "tiny"), BASE);

        assertThat(PeftFolder.digest(again)).isEqualTo(PeftFolder.digest(adapter));
        assertThat(PeftFolder.digest(unzipped)).isEqualTo(PeftFolder.digest(adapter));
        assertThat(only(again).scale()).isEqualTo(3);
        assertThat(PeftFolder.zip(again, "tiny")).isEqualTo(PeftFolder.zip(adapter, "tiny"));
        assertThat(Digest.of(Files.readAllBytes(dir.resolve("again/adapter_model.safetensors"))))
                .isEqualTo(PeftFolder.digest(adapter));
    }

    @Test
    void writesModulesThatDiffer() throws IOException {
        var modules = new LinkedHashMap<String, LoraModule>();
        modules.put("model.layers.0.self_attn.q_proj", new LoraModule(new float[16], new float[16], 2, 8, 8, 1.5));
        modules.put("model.layers.1.self_attn.q_proj", new LoraModule(new float[8], new float[8], 1, 8, 8, 0.3));
        modules.put("model.layers.1.mlp.up_proj", new LoraModule(new float[16], new float[12], 2, 8, 6, 1.5));

        PeftFolder.write(new LoraAdapter(modules), dir, "tiny");
        var again = PeftFolder.read(dir, BASE).modules();

        assertThat(again.keySet()).isEqualTo(modules.keySet());
        modules.forEach((path, module) -> assertThat(again.get(path)).satisfies(found -> {
            assertThat(found.rank()).isEqualTo(module.rank());
            assertThat(found.scale()).isEqualTo(module.scale());
        }));
    }

    @Test
    void namesTensorsThatMatchNoLayer() {
        tensors.put("base_model.model.model.layers.99.self_attn.q_proj.lora_A.weight", Tensor.numbered(1, 2, 8));
        tensors.put("model.layers.0.self_attn.q_proj.lora_A.weight", Tensor.numbered(1, 2, 8));

        refused("base_model.model.model.layers.99.self_attn.q_proj.lora_A.weight");
        refused("2 that match none");
    }

    @Test
    void namesAMisspeltTensor() {
        tensors.put(Q0 + ".lora_b.weight", Tensor.numbered(1, 8, 2));
        tensors.remove(Q0 + ".lora_B.weight");

        refused(Q0 + ".lora_b.weight");
    }

    @Test
    void namesATargetThatIsNotStored() {
        config.put("target_modules", List.of("q_proj", "v_proj"));

        refused("model.layers.0.self_attn.v_proj.lora_A.weight: expected a tensor of shape [2, 8], found nothing");
    }

    @Test
    void namesATargetThatIsNoModule() {
        config.put("target_modules", List.of("q_proj", "query_key_value"));

        refused("target_modules: expected modules of this model, found query_key_value");
    }

    @Test
    void namesATensorThatIsNoTarget() {
        config.put("target_modules", List.of("v_proj"));

        refused(Q0 + ".lora_A.weight: expected only modules that adapter_config.json targets");
    }

    @Test
    void namesAPairWithoutItsSecond() {
        tensors.remove(Q0 + ".lora_B.weight");

        refused(Q0 + ".lora_B.weight: expected a tensor of shape [8, 2], found nothing");
    }

    @Test
    void namesAWrongShape() {
        tensors.put(Q0 + ".lora_A.weight", Tensor.numbered(1, 8, 2));

        refused(Q0 + ".lora_A.weight: expected shape [2, 8], found shape [8, 2]");
    }

    @Test
    void namesARankThatIsTooLarge() {
        config.put("r", 512);

        refused("r: expected a whole number from 1 to 256, found 512");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void namesNumbersThatAreNotFinite(float value) {
        var values = new float[16];
        values[11] = value;
        tensors.put(Q0 + ".lora_B.weight", Tensor.f32(values, 8, 2));

        refused(Q0 + ".lora_B.weight: expected finite numbers, found " + value + " in row 5, column 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    peft_type            | "LOHA"
                    task_type            | "SEQ_CLS"
                    bias                 | "lora_only"
                    modules_to_save      | ["lm_head"]
                    lora_bias            | true
                    use_dora             | true
                    fan_in_fan_out       | true
                    trainable_token_indices | [1]
                    target_parameters    | ["x"]
                    layer_replication    | [[0, 1]]
                    use_qalora           | true
                    use_bdlora           | {"nblocks": 2}
                    alora_invocation_tokens | [1]
                    kasa_config          | {"beta": 1}
                    something_new        | 1
                    init_lora_weights    | "pissa_niter_16"
                    init_lora_weights    | "olora"
                    init_lora_weights    | "corda"
                    init_lora_weights    | "loftq"
                    lora_alpha           | "6"
                    target_modules       | {}
                    target_modules       | ["lm_head"]
                    target_modules       | "([a-z._0-9]+)+!"
                    target_modules       | "(("
                    rank_pattern         | {"q_proj": 1e9}
                    layers_pattern       | "blocks"
                    r                    | null
                    """)
    void refusesOtherKindsByTheirField(String field, String json) {
        config.put(
                field,
                JsonFile.parse(
                                ("{\"x\":" + json + "}").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                new Blame("test"))
                        .root()
                        .get("x"));

        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(UnprocessableException.class, e -> {
                    assertThat(e.code()).isEqualTo("adapter_mismatch");
                    assertThat(e.field()).isEqualTo(field);
                })
                .hasMessageContaining("adapter_config.json");
    }

    @ParameterizedTest
    @CsvSource({
        "base_model.model.lm_head.weight, modules_to_save",
        "base_model.model.model.embed_tokens.lora_embedding_A, embed",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector, use_dora",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_B.bias, lora_bias"
    })
    void refusesTensorsOfOtherKinds(String name, String complaint) {
        tensors.put(name, Tensor.numbered(1, 8));

        refused(complaint);
    }

    @Test
    void refusesPickles() throws IOException {
        Files.write(dir.resolve("adapter_config.json"), OrderedJson.bytes(config));
        Files.write(dir.resolve("adapter_model.bin"), new byte[] {1});

        assertThatThrownBy(() -> PeftFolder.read(dir, BASE))
                .isInstanceOf(UnprocessableException.class)
                .hasMessageContaining("pickle");
    }

    private static LoraModule only(LoraAdapter adapter) {
        assertThat(adapter.modules()).containsOnlyKeys("model.layers.0.self_attn.q_proj");
        return adapter.modules().values().iterator().next();
    }

    private LoraAdapter read() throws IOException {
        Files.write(dir.resolve("adapter_config.json"), OrderedJson.bytes(config));
        Files.write(dir.resolve("adapter_model.safetensors"), SafetensorsBytes.of(tensors));
        return PeftFolder.read(dir, BASE);
    }

    private void refused(String complaint) {
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        UnprocessableException.class, e -> assertThat(e.code()).isEqualTo("adapter_mismatch"))
                .hasMessageContaining(complaint);
    }
}
