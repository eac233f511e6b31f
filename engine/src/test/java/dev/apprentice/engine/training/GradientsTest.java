package dev.apprentice.engine.training;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.EngineSettings.LearningDtype;
import dev.apprentice.engine.SharedWeights;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.decoder.Learning;
import dev.apprentice.engine.decoder.LearningKernel;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import dev.apprentice.engine.reference.ReferenceCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The way back, which is written by hand: on models with biases, with norms of queries and keys, with shared and with
 * single key heads it is the derivative of the way forward. {@link TrainingReferenceTest} holds it to PyTorch's.
 */
class GradientsTest {
    private static final AdapterPlan ALL = new AdapterPlan(4, 8, 0, 0, 2);
    private static final AdapterPlan UPPER = new AdapterPlan(4, 8, 0, 1, 2);
    private static final long KEPT = 1 << 20;

    /** A step of this length moves a loss of about 5 by its slope times 0.02, ±1e-6 of the loss by rounding. */
    private static final double STEP = 1e-2;

    /** The rounding, and what the third derivative adds. */
    private static final double SLOPE = 2e-3;

    @ParameterizedTest
    @ValueSource(
            strings = {"llama-tied", "llama-biases", "llama-one-kv-head", "llama-head-dim", "qwen2-untied", "qwen3"})
    void theLossFallsAlongEachMatrixAsItsGradientSays(String variant) {
        try (var base = BaseModel.open(ReferenceCase.of(variant).model());
                var decoder = Decoder.load(base, Kernel.FP32, List.of(), 1)) {
            var rows = RowsTogetherTest.rows(5);
            var start = start(decoder, ALL);
            var found = pass(decoder, LearningKernel.FP32, start, rows);

            assertThat(found.gradients()).hasSize(14);
            found.gradients().forEach((path, pair) -> {
                for (int m = 0; m < pair.length; m++) {
                    double length = length(pair[m]);
                    double up = pass(decoder, LearningKernel.FP32, moved(start, path, m, pair[m], STEP / length), rows)
                            .loss();
                    double down = pass(
                                    decoder, LearningKernel.FP32, moved(start, path, m, pair[m], -STEP / length), rows)
                            .loss();
                    assertThat((up - down) / (2 * STEP))
                            .as("slope along %s of %s", m == 0 ? "A" : "B", path)
                            .isCloseTo(length, within(SLOPE * Math.max(1, length)));
                }
            });
        }
    }

    /**
     * bf16 keeps eight bits, and some of the errors average out: about two parts in a hundred of the whole gradient.
     */
    @ParameterizedTest
    @ValueSource(strings = {"llama-biases", "qwen3"})
    void bf16ProductsHaveTheSameGradientsButForRounding(String variant) {
        try (var base = BaseModel.open(ReferenceCase.of(variant).model());
                var decoder = Decoder.load(base, Kernel.FP32, List.of(), 1)) {
            var rows = RowsTogetherTest.rows(5);
            var exact = pass(decoder, LearningKernel.FP32, start(decoder, ALL), rows);
            var rounded = pass(decoder, LearningKernel.BF16, start(decoder, ALL), rows);

            assertThat(rounded.loss()).isCloseTo(exact.loss(), within(0.01 * exact.loss()));
            assertThat(distance(rounded.gradients(), exact.gradients())).isLessThan(0.03);
            assertThat(rounded.loss()).isNotEqualTo(exact.loss());
        }
    }

    /** As on a GPU: heads of every shape, rows that go on from others, and bf16 weights that answers read too. */
    @ParameterizedTest
    @ValueSource(
            strings = {"llama-tied", "llama-biases", "llama-one-kv-head", "llama-head-dim", "qwen2-untied", "qwen3"})
    void onSharedWeightsGradientsAreTheSame(String variant) {
        try (var base = BaseModel.open(ReferenceCase.of(variant).model());
                var decoder = Decoder.load(base, Kernel.FP32, List.of(), 1);
                var shared = SharedWeights.load(base, Kernel.FP32);
                var half = SharedWeights.load(base, Kernel.BF16)) {
            var rows = RowsTogetherTest.rows(5);
            var exact = pass(decoder, LearningKernel.FP32, start(decoder, ALL), rows);
            var found = pass(shared, shared.learns(LearningDtype.FP32), start(decoder, ALL), rows);
            var rounded = pass(half, half.learns(LearningDtype.FP32), start(decoder, ALL), rows);

            assertThat(decoder.learns(LearningDtype.BF16)).isEqualTo(LearningKernel.BF16);
            assertThat(shared.learns(LearningDtype.BF16)).as("on what serves").isEqualTo(LearningKernel.FP32);
            assertThat(shared.learns(LearningDtype.FP32)).isEqualTo(LearningKernel.FP32);
            assertThat(found.loss()).isCloseTo(exact.loss(), within(1e-5));
            assertThat(distance(found.gradients(), exact.gradients())).isLessThan(1e-5);
            assertThat(half.learns(LearningDtype.FP32)).isEqualTo(LearningKernel.BF16);
            assertThat(rounded.loss()).isCloseTo(exact.loss(), within(0.01 * exact.loss()));
            assertThat(distance(rounded.gradients(), exact.gradients()))
                    .isLessThan(0.05); // rounded, too: embeddings, biases, the vocabulary
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void keptStatesOfFrozenLayersGiveTheGradientsOfThoseReadAgain(int shared) {
        try (var base = BaseModel.open(ReferenceCase.of("llama-biases").model());
                var decoder = Decoder.load(base, Kernel.FP32, List.of(), 1)) {
            var rows = RowsTogetherTest.rows(shared);
            var some = List.of(rows.get(3), rows.get(1));
            var expected = pass(decoder, LearningKernel.FP32, start(decoder, UPPER), rows);
            try (var learning = decoder.learning(LearningKernel.FP32, KEPT)) {
                learning.start(start(decoder, UPPER));
                int before = taken(learning, some).pieces();
                int again = taken(learning, some).pieces(); // all kept: not read below
                assertThat(again).isLessThan(before);
                learning.dropGradients();

                var mixed = taken(learning, rows); // two are kept, three are not
                assertThat(mixed.loss()).isCloseTo(expected.loss(), within(1e-5));
                assertThat(distance(learning.gradientsByName(), expected.gradients()))
                        .isLessThan(1e-5);
                learning.dropGradients();

                var all = taken(learning, rows);
                assertThat(all.loss()).isCloseTo(expected.loss(), within(1e-5));
                assertThat(distance(learning.gradientsByName(), expected.gradients()))
                        .isLessThan(1e-5);
            }
        }
    }

    @Test
    void whatIsKeptIsGivenBackWithTheStudent() {
        try (var base = BaseModel.open(ReferenceCase.of("llama-tied").model());
                var decoder = Decoder.load(base, Kernel.FP32, List.of(), 1)) {
            int before = decoder.openScopes();
            for (var kernel : LearningKernel.values()) {
                try (var learning = decoder.learning(kernel, KEPT)) {
                    learning.start(start(decoder, UPPER));
                    taken(learning, RowsTogetherTest.rows(5));
                    assertThat(decoder.openScopes()).isGreaterThan(before);
                }
                assertThat(decoder.openScopes()).isEqualTo(before);
            }
        }
    }

    private record Found(double loss, int pieces, Map<String, float[][]> gradients) {}

    private static Found pass(Decoder decoder, LearningKernel kernel, LoraAdapter adapter, List<TrainingRow> rows) {
        try (var learning = decoder.learning(kernel, 0)) {
            learning.start(adapter);
            var taken = taken(learning, rows);
            return new Found(taken.loss(), taken.pieces(), learning.gradientsByName());
        }
    }

    private static Found taken(Learning learning, List<TrainingRow> rows) {
        try (var pass = learning.pass(RowsToBatch.of(rows), 0, true, 64)) {
            int pieces = 0;
            while (pass.unfinished()) {
                pass.advance();
                pieces++;
            }
            return new Found(pass.outcome().loss(), pieces, Map.of());
        }
    }

    /** With B zero, A would have no gradient. */
    private static LoraAdapter start(Decoder decoder, AdapterPlan plan) {
        var start = FreshAdapter.of(plan, decoder.config(), 7);
        start.modules().values().forEach(module -> {
            for (int i = 0; i < module.b().length; i++) {
                module.b()[i] = (float) Math.sin(i) / 20;
            }
        });
        return start;
    }

    /** {@code start} with one matrix moved by {@code by} along {@code direction}. */
    private static LoraAdapter moved(LoraAdapter start, String path, int matrix, float[] direction, double by) {
        var modules = new LinkedHashMap<>(start.modules());
        var old = requireNonNull(modules.get(path));
        var values = (matrix == 0 ? old.a() : old.b()).clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (by * direction[i]);
        }
        modules.put(
                path,
                new LoraModule(
                        matrix == 0 ? values : old.a(),
                        matrix == 0 ? old.b() : values,
                        old.rank(),
                        old.in(),
                        old.out(),
                        old.scale()));
        return new LoraAdapter(modules);
    }

    private static double length(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /** How long the difference is beside what is expected. */
    private static double distance(Map<String, float[][]> found, Map<String, float[][]> expected) {
        var difference = new ArrayList<Double>();
        double whole = 0;
        for (var entry : expected.entrySet()) {
            var other = requireNonNull(found.get(entry.getKey()));
            for (int m = 0; m < 2; m++) {
                var mine = entry.getValue()[m];
                for (int i = 0; i < mine.length; i++) {
                    difference.add(Math.pow(mine[i] - other[m][i], 2));
                    whole += (double) mine[i] * mine[i];
                }
            }
        }
        return Math.sqrt(difference.stream().mapToDouble(Double::doubleValue).sum() / whole);
    }
}
