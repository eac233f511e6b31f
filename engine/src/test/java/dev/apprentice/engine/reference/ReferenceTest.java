package dev.apprentice.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.EngineSettings.Dtype;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.RowCache;
import dev.apprentice.engine.decoder.Step;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.reference.ReferenceCase.Prompt;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every architecture variant and quantisation computes what transformers computes. */
class ReferenceTest {
    private static final int THREADS = 2;

    static Stream<ReferenceCase> cases() {
        return ReferenceCase.all().stream();
    }

    static Stream<ReferenceCase> casesInBfloat16() {
        return cases().filter(c -> c.toleranceBfloat16().isPresent());
    }

    /** The prompt in pieces: from each position that has logits to the next, so that pieces of one token occur too. */
    @ParameterizedTest
    @MethodSource("cases")
    void logitsAreThoseOfTransformers(ReferenceCase reference) {
        try (var base = BaseModel.open(reference.model());
                var decoder = Decoder.load(base, Dtype.FP32, THREADS)) {
            for (var prompt : reference.prompts()) {
                assertPieces(decoder, prompt, prompt.float32(), reference.toleranceFloat32());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("casesInBfloat16")
    void logitsInBfloat16AreThoseOfTransformers(ReferenceCase reference) {
        try (var base = BaseModel.open(reference.model());
                var decoder = Decoder.load(base, Dtype.BF16, THREADS)) {
            for (var prompt : reference.prompts()) {
                assertPieces(
                        decoder,
                        prompt,
                        prompt.bfloat16(),
                        reference.toleranceBfloat16().orElseThrow());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void greedyTokensAreThoseOfTransformers(ReferenceCase reference) {
        try (var base = BaseModel.open(reference.model());
                var decoder = Decoder.load(base, Dtype.FP32, THREADS)) {
            for (var prompt : reference.prompts()) {
                assertThat(greedy(decoder, prompt.ids(), prompt.greedy().length))
                        .as("%s, %s", reference.variant(), prompt)
                        .containsExactly(prompt.greedy());
            }
        }
    }

    private static void assertPieces(Decoder decoder, Prompt prompt, float[][] expected, double tolerance) {
        try (var cache = decoder.cache(prompt.ids().length)) {
            int past = 0;
            for (int i = 0; i < prompt.positions().length; i++) {
                int end = prompt.positions()[i] + 1;
                var logits = read(decoder, cache, Arrays.copyOfRange(prompt.ids(), past, end), past);
                assertThat(ReferenceCase.distance(logits, expected[i]))
                        .as("largest difference of a logit of %s at %s", prompt, end - 1)
                        .isLessThanOrEqualTo(tolerance);
                past = end;
            }
        }
    }

    private static int[] greedy(Decoder decoder, int[] prompt, int count) {
        var chosen = new int[count];
        try (var cache = decoder.cache(prompt.length + count)) {
            var logits = read(decoder, cache, prompt, 0);
            for (int i = 0; i < count; i++) {
                chosen[i] = best(logits);
                logits = read(decoder, cache, new int[] {chosen[i]}, prompt.length + i);
            }
        }
        return chosen;
    }

    private static float[] read(Decoder decoder, RowCache cache, int[] tokens, int past) {
        return decoder.step(new Step(List.of(new Step.Row(tokens, past, cache, null, true))))[0];
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
