package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rotary frequencies are those of transformers, for every scaling and both spellings (src/test/reference/ropes.py). */
class RopeScalingTest {

    static Stream<JsonNode> cases() throws IOException {
        try (var stream = RopeScalingTest.class.getResourceAsStream("/model/ropes.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(stream).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void frequenciesAreThoseOfTransformers(JsonNode reference) {
        var config = new JsonFile((ObjectNode) reference.get("config"), "", new Blame("config.json"));

        var rope = new HuggingFaceRope(config).read(32, 131_072);

        var expected = reference.get("inverse");
        assertThat(rope.inverseFrequencies()).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            // float32 powers differ from ours, which are computed in double, by a few units in the last place
            assertThat((double) rope.inverseFrequencies()[i])
                    .as("frequency %s", i)
                    .isCloseTo(expected.get(i).doubleValue(), Percentage.withPercentage(1e-4));
        }
        assertThat(rope.attentionScale()).isCloseTo(reference.get("scale").doubleValue(), Offset.offset(1e-12));
    }
}
