package dev.apprentice.engine.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.SharedWeights;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Embedding;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.decoder.LearningKernel;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.reference.ReferenceCase;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hidden states are the same however a prompt is cut, and whoever answers meanwhile goes on between the pieces. */
@Timeout(120)
class LongPromptTest {
    /** Of the largest number; fp32 sums in another order differ by less. */
    private static final double EQUAL = 1e-4;

    private static final int[] LAYERS = {0, 1, 2};

    private final BaseModel base = BaseModel.open(ReferenceCase.of("llama-tied").model());
    private final Decoder decoder = Decoder.load(base, Kernel.FP32, List.of(), 1);

    @AfterEach
    void close() {
        assertThat(decoder.openScopes())
                .as("scopes, the decoder's own three included")
                .isEqualTo(3);
        decoder.close();
        base.close();
    }

    @ParameterizedTest
    @CsvSource({"100,7", "100,64", "100,99", "65,64", "2,1"})
    void piecesHaveTheMeansOfTheWhole(int tokens, int piece) {
        assertClose(means(prompt(tokens), piece), means(prompt(tokens), tokens));
    }

    @ParameterizedTest
    @ValueSource(ints = {Embedding.PIECE_TOKENS, Embedding.PIECE_TOKENS + 1, 3 * Embedding.PIECE_TOKENS + 5})
    void aLongPromptIsReadInPiecesAsIfAtOnce(int tokens) {
        var training = new NativeTraining(decoder, new ComputePermit(), LearningKernel.FP32);

        assertClose(training.embed(prompt(tokens), LAYERS), means(prompt(tokens), tokens));
    }

    /** As on a GPU: in bf16 eight bits of each product are kept. */
    @Test
    void sharedWeightsSeeTheSameOrInBfloat16NearlySo() {
        var expected = means(prompt(40), 40);
        for (var kernel : List.of(Kernel.FP32, Kernel.BF16)) {
            try (var shared = SharedWeights.load(base, kernel)) {
                var found = means(shared, prompt(40), 16);
                for (int i = 0; i < expected.length; i++) {
                    double length = Math.sqrt(dot(expected[i], expected[i]));
                    double other = Math.sqrt(dot(found[i], found[i]));
                    assertThat(dot(expected[i], found[i]) / length / other)
                            .as("cosine at layer %d in %s", LAYERS[i], kernel)
                            .isGreaterThan(kernel == Kernel.FP32 ? 1 - 1e-6 : 1 - 1e-3);
                }
            }
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Test
    void piecesServedInBfloat16AreStillExact() {
        var expected = means(prompt(40), 40);
        try (var other = Decoder.load(base, Kernel.BF16, List.of(), 1)) {
            assertClose(means(other, prompt(40), 16), expected);
        }
    }

    @Test
    void anAnswerHasItsTurnAfterAPieceThatItWaitedFor() throws InterruptedException {
        var permit = new ComputePermit();
        var training = new NativeTraining(decoder, permit, LearningKernel.FP32);
        var before = permit.serve();
        var reader = Thread.ofPlatform().start(() -> training.embed(prompt(8 * Embedding.PIECE_TOKENS), LAYERS));
        while (reader.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        int turns = 0;
        before.close();
        while (reader.isAlive()) { // each turn that is asked for while a piece is read comes before the next piece
            try (var _ = permit.serve()) {
                turns += reader.isAlive() ? 1 : 0;
            }
        }

        assertThat(turns).as("in one piece there would be one at most").isGreaterThanOrEqualTo(3);
    }

    private float[][] means(int[] prompt, int piece) {
        return means(decoder, prompt, piece);
    }

    private static float[][] means(Decoder decoder, int[] prompt, int piece) {
        try (var embedding = decoder.embedding(prompt, LAYERS, piece)) {
            while (embedding.unfinished()) {
                embedding.advance();
            }
            return embedding.means();
        }
    }

    private static void assertClose(float[][] found, float[][] expected) {
        for (int layer = 0; layer < expected.length; layer++) {
            double largest = 0;
            for (float part : expected[layer]) {
                largest = Math.max(largest, Math.abs(part));
            }
            assertThat(ReferenceCase.distance(found[layer], expected[layer]))
                    .as("layer %d", layer)
                    .isLessThanOrEqualTo(EQUAL * largest);
        }
    }

    private static int[] prompt(int tokens) {
        return IntStream.range(0, tokens).map(t -> 10 + (7 * t + t / 13) % 80).toArray();
    }
}
