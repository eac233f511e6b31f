package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.BadModelException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A config.json means what it means to transformers, or is refused by the field that we can't follow. */
class HuggingFaceConfigTest {
    private static final String BASE = """
            {"hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 48,
             "vocab_size": 100, "max_position_embeddings": 8192, "tie_word_embeddings": true}""";

    private final Set<String> tensors = new HashSet<>();

    @ParameterizedTest
    @CsvSource({
        "LlamaForCausalLM, LLAMA, false, false",
        "MistralForCausalLM, MISTRAL, false, false",
        "Qwen2ForCausalLM, QWEN2, true, false",
        "Qwen3ForCausalLM, QWEN3, false, true"
    })
    void knowsTheFamilies(String architecture, Family family, boolean qkvBias, boolean qkNorm) {
        var config = read("{\"architectures\": [\"" + architecture + "\"], \"head_dim\": 8}");

        assertThat(config.family()).isEqualTo(family);
        assertThat(config.qkvBias()).isEqualTo(qkvBias);
        assertThat(config.outBias()).isFalse();
        assertThat(config.qkNorm()).isEqualTo(qkNorm);
        assertThat(config.kvHeads()).isEqualTo(4);
        assertThat(config.rmsEpsilon()).isEqualTo(1e-6);
    }

    @ParameterizedTest
    @CsvSource({
        "llama, {}, 8",
        "llama, {'head_dim': null}, 8",
        "llama, {'head_dim': 16}, 16",
        "mistral, {'head_dim': 128}, 128",
        "qwen3, {}, 128",
        "qwen3, {'head_dim': 64}, 64"
    })
    void widthOfAHead(String type, String json, int headDim) {
        assertThat(read(typed(type, json)).headDim()).isEqualTo(headDim);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    llama   | {'sliding_window': 16}                                                            | 8192
                    mistral | {}                                                                                | 4096
                    mistral | {'sliding_window': null}                                                          | 8192
                    mistral | {'sliding_window': 1024}                                                          | 1024
                    mistral | {'sliding_window': 100000}                                                        | 8192
                    qwen2   | {'sliding_window': 1024, 'max_window_layers': 2}                                  | 8192
                    qwen2   | {'sliding_window': 1024, 'max_window_layers': 2, 'use_sliding_window': true}      | 1024
                    qwen2   | {'sliding_window': 1024, 'max_window_layers': 4, 'use_sliding_window': true}      | 8192
                    qwen2   | {'sliding_window': null, 'max_window_layers': 2, 'use_sliding_window': true}      | 8192
                    qwen2   | {'max_window_layers': 0, 'use_sliding_window': true}                              | 4096
                    qwen3   | {'sliding_window': 512, 'use_sliding_window': true, 'layer_types': ['full_attention', 'sliding_attention']} | 512
                    qwen3   | {'sliding_window': 512, 'use_sliding_window': true, 'layer_types': ['full_attention']} | 8192
                    """)
    void windowWithinWhichFullAttentionIsExact(String type, String json, int context) {
        assertThat(read(typed(type, json)).contextTokens()).isEqualTo(context);
    }

    @Test
    void biasesByFlagAndPresence() {
        tensors.add("model.layers.0.self_attn.q_proj.bias");
        tensors.add("model.layers.0.mlp.gate_proj.bias");

        var config = read(typed("llama", "{'attention_bias': true, 'mlp_bias': true}"));

        assertThat(config.qkvBias()).isTrue();
        assertThat(config.outBias()).isFalse();
        assertThat(config.mlpBias()).isTrue();
        refused(typed("llama", "{'mlp_bias': true}"), "attention_bias", "model_contradictory");
        refused(typed("llama", "{'attention_bias': true}"), "mlp_bias", "model_contradictory");
    }

    @Test
    void biasesThatAreMissing() {
        refused(typed("qwen3", "{'attention_bias': true}"), "model.layers.0.self_attn.q_proj.bias", "model_incomplete");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'architectures': ['MixtralForCausalLM']}                | architectures
                    {'architectures': ['LlamaForSequenceClassification']}    | architectures
                    {'architectures': 'LlamaForCausalLM'}                    | architectures
                    {'model_type': 'gemma3'}                                 | model_type
                    {'model_type': 'llama', 'vision_config': {}}             | vision_config
                    {'model_type': 'llama', 'text_config': {}}               | text_config
                    {'model_type': 'llama', 'num_local_experts': 8}          | num_local_experts
                    {'model_type': 'llama', 'quantization_config': {'quant_method': 'awq'}} | quantization_config
                    {'model_type': 'llama', 'hidden_act': 'gelu'}            | hidden_act
                    {'model_type': 'llama', 'partial_rotary_factor': 0.5}    | partial_rotary_factor
                    {'model_type': 'llama', 'rope_parameters': {'partial_rotary_factor': 0.5}} | partial_rotary_factor
                    {'model_type': 'llama', 'rope_scaling': {'type': 'longrope'}} | rope_scaling.rope_type
                    {'model_type': 'llama', 'rope_scaling': {'type': 'su'}}  | rope_scaling.rope_type
                    {'model_type': 'llama', 'rope_parameters': {'full_attention': {'rope_theta': 1}}} | rope_parameters
                    {'model_type': 'qwen3', 'layer_types': ['linear_attention']} | layer_types
                    """)
    void refusesOtherKindsByName(String json, String field) {
        refused(json.replace('\'', '"'), field, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'hidden_size': -1}                                      | hidden_size
                    {'hidden_size': 2147483648}                              | hidden_size
                    {'hidden_size': 32.5}                                    | hidden_size
                    {'hidden_size': '32'}                                    | hidden_size
                    {'num_hidden_layers': 1000000}                           | num_hidden_layers
                    {'num_attention_heads': 5}                               | head_dim
                    {'num_key_value_heads': 3}                               | kvHeads
                    {'head_dim': 7}                                          | headDim
                    {'rms_norm_eps': NaN}                                    | rms_norm_eps
                    {'rope_theta': 0}                                        | rope_theta
                    {'rope_theta': Infinity}                                 | rope_theta
                    {'rope_scaling': []}                                     | rope_scaling
                    {'rope_scaling': {'type': 'linear'}}                     | rope_scaling.factor
                    {'rope_scaling': {'type': 'linear', 'factor': 0}}        | rope_scaling.factor
                    {'rope_scaling': {'type': 'llama3', 'factor': 8, 'low_freq_factor': 4, 'high_freq_factor': 4}} | rope_scaling.high_freq_factor
                    {'max_position_embeddings': null}                        | max_position_embeddings
                    {'vocab_size': 1e3}                                      | vocab_size
                    {'tie_word_embeddings': 1}                               | tie_word_embeddings
                    """)
    void namesValuesThatCannotBe(String json, String field) {
        refused(typed("llama", json), field, null);
    }

    @Test
    void namesFieldsThatAreMissing() {
        assertThatThrownBy(() -> new HuggingFaceConfig(
                                JsonFile.parse(
                                        "{\"model_type\":\"llama\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                        new Blame("config.json")),
                                tensors)
                        .read(() -> false))
                .hasMessage("config.json: hidden_size: expected a whole number, found nothing");
    }

    private static String typed(String type, String json) {
        var more = json.replace('\'', '"').substring(1);
        return "{\"model_type\": \"" + type + "\"" + (more.equals("}") ? "" : ", ") + more;
    }

    private ModelConfig read(String json) {
        try {
            var bytes = json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            var given = JsonFile.parse(bytes, new Blame("config.json"));
            var merged = (ObjectNode) new ObjectMapper().readTree(BASE);
            merged.setAll(given.root());
            return new HuggingFaceConfig(new JsonFile(merged, "", new Blame("config.json")), tensors).read(() -> false);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void refused(String json, String field, @org.jspecify.annotations.Nullable String code) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(BadModelException.class, e -> {
                    assertThat(e.field()).isEqualTo(field);
                    if (code != null) {
                        assertThat(e.code()).isEqualTo(code);
                    }
                })
                .hasMessageStartingWith("config.json: ");
    }
}
