package dev.apprentice.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.SharedWeights;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Form;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.decoder.LoraTensors;
import dev.apprentice.engine.decoder.RowCache;
import dev.apprentice.engine.decoder.Step;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.engine.reference.ReferenceCase.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every architecture variant, quantisation and adapter computes what transformers computes. */
class ReferenceTest {
    private static final int THREADS = 2;

    static Stream<ReferenceCase> cases() {
        return ReferenceCase.all().stream();
    }

    static Stream<ReferenceCase> casesInBfloat16() {
        return cases().filter(c -> c.toleranceBfloat16().isPresent());
    }

    static Stream<ReferenceCase> casesWithAdapter() {
        return cases().filter(c -> c.adapter().isPresent());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsAreThoseOfTransformers(ReferenceCase reference) {
        try (var model = new Model(reference, Kernel.FP32, Form.PACKED)) {
            for (var prompt : reference.prompts()) {
                assertPieces(model, prompt, prompt.float32(), reference.toleranceFloat32());
            }
        }
    }

    /** As on a GPU. */
    @ParameterizedTest
    @MethodSource("cases")
    void logitsOfSharedWeightsAreThoseOfTransformers(ReferenceCase reference) {
        try (var model = new Model(reference, Kernel.FP32, Form.SHARED)) {
            for (var prompt : reference.prompts()) {
                assertPieces(model, prompt, prompt.float32(), reference.toleranceFloat32());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("casesInBfloat16")
    void logitsOfWeightsSharedInBfloat16AreThoseOfTransformers(ReferenceCase reference) {
        var tolerance = reference.toleranceBfloat16().orElseThrow();
        try (var model = new Model(reference, Kernel.BF16, Form.SHARED)) {
            for (var prompt : reference.prompts()) {
                assertPieces(model, prompt, prompt.bfloat16(), tolerance);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("casesInBfloat16")
    void logitsInBfloat16AreThoseOfTransformers(ReferenceCase reference) {
        var tolerance = reference.toleranceBfloat16().orElseThrow();
        try (var model = new Model(reference, Kernel.BF16, Form.PACKED)) {
            for (var prompt : reference.prompts()) {
                assertPieces(model, prompt, prompt.bfloat16(), tolerance);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void greedyTokensAreThoseOfTransformers(ReferenceCase reference) {
        try (var model = new Model(reference, Kernel.FP32, Form.PACKED)) {
            for (var prompt : reference.prompts()) {
                assertThat(model.greedy(prompt.ids(), prompt.greedy().length))
                        .as("%s, %s", reference.variant(), prompt)
                        .containsExactly(prompt.greedy());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("casesWithAdapter")
    void adaptersAreReadAsPeftScalesThem(ReferenceCase reference) {
        var stored = reference.lora().orElseThrow().modules();
        try (var base = BaseModel.open(reference.model())) {
            var read = PeftFolder.read(reference.adapter().orElseThrow(), base.config())
                    .modules();

            assertThat(read).containsOnlyKeys(stored.keySet());
            read.forEach((path, module) -> assertThat(module)
                    .as(path)
                    .usingRecursiveComparison()
                    .isEqualTo(Objects.requireNonNull(stored.get(path))));
        }
    }

    /** So that what PEFT said of {@code peft-exported} holds for what is exported today. */
    @Test
    void whatIsExportedIsTheVeryFolderThatPeftRead(@TempDir Path written) throws IOException {
        var patterns = ReferenceCase.of("peft-patterns");
        var read = ReferenceCase.of("peft-exported").adapter().orElseThrow();
        try (var base = BaseModel.open(patterns.model())) {
            PeftFolder.write(
                    PeftFolder.read(patterns.adapter().orElseThrow(), base.config()), written, "llama-one-kv-head");
        }
        for (var file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            assertThat(written.resolve(file)).hasSameBinaryContentAs(read.resolve(file));
        }
    }

    /** The prompt in pieces: from each position that has logits to the next, so that pieces of one token occur too. */
    private static void assertPieces(Model model, Prompt prompt, float[][] expected, double tolerance) {
        try (var cache = model.cache(prompt.ids().length)) {
            int past = 0;
            for (int i = 0; i < prompt.positions().length; i++) {
                int end = prompt.positions()[i] + 1;
                var logits = model.read(cache, Arrays.copyOfRange(prompt.ids(), past, end), past);
                assertThat(ReferenceCase.distance(logits, expected[i]))
                        .as("largest difference of a logit of %s at %s", prompt, end - 1)
                        .isLessThanOrEqualTo(tolerance);
                past = end;
            }
        }
    }

    /** A variant's base with its adapter, if it has one. */
    private static final class Model implements AutoCloseable {
        private final BaseModel base;
        private final Decoder decoder;
        private final @Nullable LoraTensors adapter;

        Model(ReferenceCase reference, Kernel kernel, Form form) {
            base = BaseModel.open(reference.model());
            decoder = switch (form) {
                case PACKED -> Decoder.load(base, kernel, List.of(), THREADS);
                case SHARED -> SharedWeights.load(base, kernel);
            };
            adapter = reference
                    .adapter()
                    .map(folder -> decoder.place(PeftFolder.read(folder, base.config())))
                    .orElse(null);
        }

        RowCache cache(int capacity) {
            return decoder.cache(capacity);
        }

        float[] read(RowCache cache, int[] tokens, int past) {
            return decoder.step(new Step(
                            List.of(new Step.Row(tokens, past, cache, adapter, Step.Wanted.LAST)),
                            decoder.config().vocabulary()))
                    .predictions()
                    .getFirst()
                    .logits();
        }

        int[] greedy(int[] prompt, int count) {
            var chosen = new int[count];
            try (var cache = cache(prompt.length + count)) {
                var logits = read(cache, prompt, 0);
                for (int i = 0; i < count; i++) {
                    chosen[i] = best(logits);
                    logits = read(cache, new int[] {chosen[i]}, prompt.length + i);
                }
            }
            return chosen;
        }

        private static int best(float[] logits) {
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            return best;
        }

        @Override
        public void close() {
            if (adapter != null) {
                adapter.close();
            }
            decoder.close();
            base.close();
        }
    }
}
