package dev.apprentice.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.SharedWeights;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.hub.KnownModels;
import dev.apprentice.engine.model.hub.ModelStore;
import dev.apprentice.engine.model.hub.Progress;
import dev.apprentice.engine.model.hub.StoreSettings;
import dev.apprentice.engine.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each kernel makes of the real default model: how near to fp32, and the same whoever else is in the batch. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DefaultModelKernelsTest {
    private static final int QUALITY_TOKENS = 384;
    private static final int ROWS = 9;
    private static final int ANSWER = 5;

    @SuppressWarnings("NullAway.Init") // opened before all tests
    private BaseModel base;

    @SuppressWarnings("NullAway.Init")
    private Decoder decoder;

    @SuppressWarnings("NullAway.Init")
    private SampleTexts texts;

    @SuppressWarnings("NullAway.Init")
    private Quality exact;

    @BeforeAll
    void open() {
        var known = KnownModels.bundled();
        var store = new ModelStore(StoreSettings.of(known, System.getenv()), Seams.real(), Progress.SILENT);
        base = BaseModel.open(store.resolve(known.standard()));
        try (var tokenizer = Tokenizer.open(base.tokenizerJson())) {
            texts = SampleTexts.of(text -> tokenizer.encode(text, false));
        }
        decoder = Decoder.load(base, Kernel.FP32, List.of(), 2);
        exact = quality();
    }

    @AfterAll
    void close() {
        decoder.close();
        base.close();
    }

    private Quality quality() {
        return quality(decoder);
    }

    private Quality quality(Decoder decoder) {
        return Quality.of(decoder, Arrays.copyOf(texts.quality(), QUALITY_TOKENS), QUALITY_TOKENS);
    }

    /** Bounds are twice what docs/engine.md measured over a longer text, since another processor rounds elsewhere. */
    @ParameterizedTest
    @EnumSource(Kernel.class)
    void predictsNearlyAsFp32(Kernel kernel) {
        decoder.serve(kernel, texts.calibration());
        var quality = quality();
        assertThat(quality.cost(exact)).isLessThan(kernel == Kernel.INT8 ? 0.02 : 0.005);
        assertThat(quality.agreement(exact)).isGreaterThan(kernel == Kernel.INT8 ? 0.88 : 0.94);
    }

    /** As on a GPU. */
    @ParameterizedTest
    @EnumSource(value = Kernel.class, names = "INT8", mode = EnumSource.Mode.EXCLUDE)
    void bySharedWeightsToo(Kernel kernel) {
        try (var shared = SharedWeights.load(base, kernel)) {
            var quality = quality(shared);
            assertThat(quality.cost(exact)).isLessThan(0.005);
            assertThat(quality.agreement(exact)).isGreaterThan(kernel == Kernel.FP32 ? 0.995 : 0.94);
        }
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void anAnswerIsTheSameWhoeverElseIsInTheBatch(Kernel kernel) {
        decoder.serve(kernel, texts.calibration());
        var together = answers(prompts());
        for (int i = 0; i < ROWS; i += 4) {
            var alone = answers(List.of(prompts().get(i))).getFirst();
            assertThat(together.get(i).tokens).as("%s, row %d", kernel, i).isEqualTo(alone.tokens);
            for (int t = 0; t < ANSWER; t++) {
                assertThat(together.get(i).logprobs.get(t) - alone.logprobs.get(t))
                        .as("%s, row %d, token %d", kernel, i, t)
                        .isBetween(-1e-3, 1e-3); // docs/engine.md, "What a batch may change"
            }
        }
    }

    @Test
    void whatIsSaidOfTheLikeliestIsWhatAllLogitsSay() {
        int vocabulary = 40_000; // as if the rest were padding
        var prompt = prompts().getFirst();
        try (var one = decoder.cache(prompt.length);
                var other = decoder.cache(prompt.length);
                var third = decoder.cache(prompt.length)) {
            var all = new Step.Row(prompt, 0, other, null, Step.Wanted.LAST);
            int likeliest = best(predictions(vocabulary, all).getFirst().logits(), vocabulary, -1);
            var found = predictions(
                    vocabulary,
                    new Step.Row(prompt, 0, one, null, Step.Wanted.BEST, new int[] {likeliest, 1_000_000}),
                    all,
                    new Step.Row(prompt, 0, third, null, Step.Wanted.BEST));
            var logits = found.get(1).logits();
            double norm = Math.log(IntStream.range(0, vocabulary)
                    .mapToDouble(i -> Math.exp(logits[i]))
                    .sum());

            assertThat(found).allSatisfy(next -> assertThat(next.norm()).isCloseTo(norm, within(1e-4)));
            assertThat(found.get(0).logits()).isEmpty();
            assertThat(found.get(0).best()).isEqualTo(best(logits, vocabulary, likeliest));
            assertThat(logits).hasSize(decoder.config().vocabulary()).doesNotContain(Float.NEGATIVE_INFINITY);
            assertThat(found.get(1).best()).isEqualTo(likeliest);
            assertThat(found.get(2).best()).isEqualTo(likeliest);
            assertThat(found.get(2).bestLogprob()).isCloseTo(logits[likeliest] - norm, within(1e-4));
        }
    }

    private List<Prediction> predictions(int vocabulary, Step.Row... rows) {
        return decoder.step(new Step(List.of(rows), vocabulary)).predictions();
    }

    private static int best(float[] logits, int vocabulary, int but) {
        return IntStream.range(0, vocabulary)
                .filter(i -> i != but)
                .reduce((best, i) -> logits[i] > logits[best] ? i : best)
                .orElseThrow();
    }

    private List<int[]> prompts() {
        var prompts = new ArrayList<int[]>();
        for (int i = 0; i < ROWS; i++) {
            prompts.add(Arrays.copyOfRange(texts.quality(), i * 100, i * 100 + 9 + 7 * i));
        }
        return prompts;
    }

    /** Greedy answers, all rows in one batch from their first token on. */
    private List<Answer> answers(List<int[]> prompts) {
        var answers = prompts.stream().map(Answer::new).toList();
        for (int step = 0; step < ANSWER; step++) {
            var next = predictions(
                    decoder.config().vocabulary(),
                    answers.stream().map(Answer::row).toArray(Step.Row[]::new));
            for (int i = 0; i < next.size(); i++) {
                answers.get(i).take(next.get(i).logits());
            }
        }
        answers.forEach(answer -> answer.cache.close());
        return answers;
    }

    private final class Answer {
        private final RowCache cache;
        private final List<Integer> tokens = new ArrayList<>();
        private final List<Double> logprobs = new ArrayList<>();
        private int[] next;
        private int past;

        Answer(int[] prompt) {
            next = prompt;
            cache = decoder.cache(prompt.length + ANSWER);
        }

        Step.Row row() {
            var row = new Step.Row(next, past, cache, null, Step.Wanted.LAST);
            past += next.length;
            return row;
        }

        void take(float[] logits) {
            int best = 0;
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
                sum += Math.exp(logits[i]);
            }
            tokens.add(best);
            logprobs.add(logits[best] - Math.log(sum));
            next = new int[] {best};
        }
    }
}
