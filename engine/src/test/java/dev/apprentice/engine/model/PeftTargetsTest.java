package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An adapter_config.json means what it means to PEFT (src/test/reference/peft_targets.py). */
class PeftTargetsTest {
    private static final ModelConfig BASE = new ModelConfig(
            Family.LLAMA,
            3,
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

    static Stream<JsonNode> cases() throws IOException {
        try (var stream = PeftTargetsTest.class.getResourceAsStream("/model/peft-targets.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(stream).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void modulesRanksAndScalesAreThoseOfPeft(JsonNode reference) {
        var config = new PeftConfig(
                new JsonFile((ObjectNode) reference.get("config"), "", new Blame("adapter_config.json")));

        var targets = config.targets(LinearModules.of(BASE).keySet());

        assertThat(targets)
                .containsExactlyInAnyOrderElementsOf(
                        () -> reference.get("modules").fieldNames());
        for (var module : reference.get("modules").properties()) {
            int rank = config.rank(module.getKey());
            assertThat(rank).isEqualTo(module.getValue().get("rank").intValue());
            assertThat(config.scale(module.getKey(), rank))
                    .isEqualTo(module.getValue().get("scale").doubleValue());
        }
    }
}
