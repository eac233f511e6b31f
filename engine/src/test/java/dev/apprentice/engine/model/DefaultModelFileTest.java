package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.hub.KnownModels;
import dev.apprentice.engine.model.hub.ModelStore;
import dev.apprentice.engine.model.hub.Progress;
import dev.apprentice.engine.model.hub.StoreSettings;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The default model's file is what its authors' descriptions say. */
class DefaultModelFileTest {

    @Test
    void isTheModelThatWeKnow() {
        var known = KnownModels.bundled();
        var store = new ModelStore(StoreSettings.of(known, System.getenv()), Seams.real(), Progress.SILENT);
        try (var model = BaseModel.open(store.resolve(known.standard()))) {
            var config = model.config();
            assertThat(model.digest()).isEqualTo("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53");
            assertThat(config.family()).isEqualTo(Family.LLAMA);
            assertThat(config.layers()).isEqualTo(30);
            assertThat(config.hidden()).isEqualTo(576);
            assertThat(config.heads()).isEqualTo(9);
            assertThat(config.kvHeads()).isEqualTo(3);
            assertThat(config.headDim()).isEqualTo(64);
            assertThat(config.intermediate()).isEqualTo(1536);
            assertThat(config.vocabulary()).isEqualTo(49_152);
            assertThat(config.contextTokens()).isEqualTo(8192);
            assertThat(config.tied()).isTrue();
            assertThat(config.rope().inverseFrequencies()[1]).isEqualTo((float) Math.pow(100_000, -2 / 64.0));
            assertThat(model.specials().bos()).isEqualTo("<|im_start|>");
            assertThat(model.specials().eos()).isEqualTo("<|im_end|>");
            assertThat(model.specials().addBos()).isFalse();
            assertThat(model.specials().stopIds()).containsExactly(0, 2);
            assertThat(model.chatTemplates()).containsOnlyKeys("default");
            assertThat(storedTypes(model)).isEqualTo(Map.of("F32", 61L, "Q4_1", 210L, "Q8_0", 1L));
            assertThat(numbers(model)).isEqualTo(134_515_008);
        }
    }

    private static Map<String, Long> storedTypes(BaseModel model) {
        return model.tensorNames().stream()
                .map(name -> model.tensor(name).storedType())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /** How many numbers all tensors give, each of them finite. */
    private static long numbers(BaseModel model) {
        long numbers = 0;
        for (var name : model.tensorNames()) {
            var floats = model.tensor(name).toFloat32();
            assertThat(floats.isDirect()).isTrue();
            assertThat(floats.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            numbers += floats.remaining() / Float.BYTES;
        }
        return numbers;
    }
}
