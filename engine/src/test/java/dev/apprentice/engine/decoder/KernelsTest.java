package dev.apprentice.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.EngineSettings.LearningDtype;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.reference.ReferenceCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the kernel is chosen, and when a choice made before holds. */
class KernelsTest {
    private static final SampleTexts TEXTS = new SampleTexts(List.of(ids(60), ids(50)), ids(80));

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private BaseModel base;

    @BeforeEach
    void open() {
        base = BaseModel.open(ReferenceCase.of("llama-tied").model());
    }

    @AfterEach
    void close() {
        base.close();
    }

    private static int[] ids(int count) {
        return IntStream.range(0, count).map(i -> 3 + i * 7 % 50).toArray();
    }

    private Kernels.Choice settle(Path model) {
        try (var decoder = Decoder.load(base, Kernel.FP32, List.of(), 1)) {
            return Kernels.settle(decoder, base, model, TEXTS, 1);
        }
    }

    @Test
    void theSmallestGeometricMeanWins() {
        assertThat(Kernels.fastest(Map.of(
                        Kernel.FP32, List.of(1.0, 4.0, 100.0),
                        Kernel.BF16, List.of(2.0, 2.0, 90.0),
                        Kernel.INT8, List.of(1.0, 3.0, 150.0))))
                .isEqualTo(Kernel.BF16);
    }

    @Test
    void studiesLearnInBf16WhereItsProductsOverManyRowsAreMuchFaster() {
        assertThat(Kernels.learning(null)).as("nobody has measured").isEqualTo(LearningDtype.FP32);
        assertThat(Kernels.learning(choice(150, 100))).isEqualTo(LearningDtype.BF16);
        assertThat(Kernels.learning(choice(149, 100))).isEqualTo(LearningDtype.FP32);
        var nothing = new Kernels.Choice(Kernel.FP32, Map.of(), null);
        assertThat(Kernels.learning(nothing)).isEqualTo(LearningDtype.FP32);
    }

    private static Kernels.Choice choice(double fp32OverManyRows, double bf16OverManyRows) {
        return new Kernels.Choice(
                Kernel.BF16,
                Map.of(
                        Kernel.FP32, List.of(1.0, 1.0, fp32OverManyRows),
                        Kernel.BF16, List.of(9.0, 9.0, bf16OverManyRows)),
                null);
    }

    @Test
    void aChoiceHoldsUntilSomethingItDependsOnChanges() throws IOException {
        var choice = new Kernels.Choice(
                Kernel.BF16,
                Map.of(
                        Kernel.FP32, List.of(3.0, 4.0, 5.0),
                        Kernel.BF16, List.of(0.5, 1.5, 2.5),
                        Kernel.INT8, List.of(0.25, 1.0, 2.0)),
                0.25); // times and a cost that no measurement gives
        var file = folder.resolve("kernels.json");
        Kernels.write(file, Kernels.key(base, 1), choice);
        assertThat(settle(folder)).isEqualTo(choice);

        Kernels.write(file, Kernels.key(base, 64), choice);
        assertThat(settle(folder)).isNotEqualTo(choice);
    }

    @Test
    void aDamagedOrImpossibleFileOnlyCostsTheMeasurement() throws IOException {
        Files.writeString(folder.resolve("m.gguf.kernels.json"), "{\"kernel\":");
        assertThat(settle(folder.resolve("m.gguf")).millis()).containsOnlyKeys(Kernel.values());
        assertThat(settle(folder.resolve("gone").resolve("m.gguf")).millis()).containsOnlyKeys(Kernel.values());
    }

    /** Biases, norms of queries and keys, one key head, an untied head: what the default model has not. */
    @ParameterizedTest
    @ValueSource(
            strings = {"llama-biases", "gguf-qwen3", "gguf-qwen2", "llama-one-kv-head", "llama-untied", "peft-biases"})
    void int8ComputesNearlyWhatFp32Computes(String variant) {
        var reference = ReferenceCase.of(variant);
        var ids = reference.prompts().getFirst().ids();
        try (var model = BaseModel.open(reference.model());
                var decoder = Decoder.load(model, Kernel.FP32, List.of(), 1)) {
            var exact = last(decoder, ids);
            decoder.serve(Kernel.INT8, List.of(ids));
            assertThat(cosine(exact, last(decoder, ids))).isGreaterThan(0.99); // 1/127 an input, and it averages out
        }
    }

    private static float[] last(Decoder decoder, int[] ids) {
        try (var cache = decoder.cache(ids.length)) {
            return decoder.step(new Step(
                            List.of(new Step.Row(ids, 0, cache, null, Step.Wanted.LAST)),
                            decoder.config().vocabulary()))
                    .predictions()
                    .getFirst()
                    .logits();
        }
    }

    private static double cosine(float[] a, float[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb);
    }
}
