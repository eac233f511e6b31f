package dev.apprentice.engine.training;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.decoder.LearningKernel;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.reference.ReferenceCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many rows are read in one native pass changes nothing that is learnt, whatever their lengths and beginnings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowsTogetherTest {
    private static final AdapterPlan PLAN = new AdapterPlan(4, 8, 0, 0, 2);

    /** Sums in another order differ by about 1e-6 of the largest number. */
    private static final double OF_LARGEST = 1e-4;

    @SuppressWarnings("NullAway.Init") // opened before all tests
    private BaseModel base;

    @SuppressWarnings("NullAway.Init")
    private Decoder decoder;

    @BeforeAll
    void open() {
        base = BaseModel.open(ReferenceCase.of("llama-tied").model());
        decoder = Decoder.load(base, Kernel.FP32, List.of(), 1);
    }

    @AfterAll
    void close() {
        decoder.close();
        base.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void onePassHasTheGradientsOfRowAfterRow(int shared) throws InterruptedException {
        var rows = rows(shared);
        var together = gradients(List.of(rows));
        var alone = gradients(rows.stream().map(List::of).toList());

        assertThat(together).hasSameSizeAs(alone);
        together.forEach((path, pair) -> {
            for (int i = 0; i < pair.length; i++) {
                var expected = requireNonNull(alone.get(path))[i];
                double largest = largest(expected);
                assertThat(ReferenceCase.distance(pair[i], expected))
                        .as("%s of %s", i == 0 ? "A" : "B", path)
                        .isLessThanOrEqualTo(OF_LARGEST * largest);
                assertThat(largest).isPositive();
            }
        });
    }

    @Test
    void aStudentReportsAndLearnsTheSameWhileAnswersRunAndWhileNoneDoes() throws InterruptedException {
        var idle = new ComputePermit();
        var busy = new ComputePermit();
        busy.answering(true);
        try (var one = new NativeTraining(decoder, idle, LearningKernel.FP32).student(PLAN, null, 3);
                var other = new NativeTraining(decoder, busy, LearningKernel.FP32).student(PLAN, null, 3)) {
            for (int step = 0; step < 2; step++) {
                var expected = one.forwardBackward(rows(5));
                var found = other.forwardBackward(rows(5));

                assertThat(found.loss()).isCloseTo(expected.loss(), within(1e-4));
                for (int i = 0; i < expected.rows().size(); i++) {
                    assertThat(found.rows().get(i)).isCloseTo(expected.rows().get(i), within(1e-4));
                }
                assertThat(other.optimStep(OptimStep.at(1e-3)))
                        .isCloseTo(one.optimStep(OptimStep.at(1e-3)), within(1e-3));
            }
            assertThat(other.measure(rows(1)).getLast())
                    .isCloseTo(one.measure(rows(1)).getLast(), within(1e-4));
        }
    }

    @Test
    void nothingIsPaddedAndEveryAnswerTokenIsATargetOnceItsLastToo() {
        var rows = rows(5);
        var batch = RowsToBatch.of(rows);

        assertThat(batch.ids())
                .hasSize(5 + rows.stream().mapToInt(r -> r.tokens().length - 5).sum());
        var taught = rows.stream()
                .filter(r -> !(r.loss() instanceof Loss.StayNear))
                .flatMap(
                        r -> IntStream.range(r.answerStart(), r.tokens().length).mapToObj(t -> (long) r.tokens()[t]))
                .toList();
        assertThat(batch.targets()).containsExactly(taught.toArray(Long[]::new));
        for (int i = 0; i + 1 < batch.ceAt().length; i++) {
            if (batch.ceAt()[i + 1]
                    == batch.ceAt()[i] + 1) { // the same row goes on: the target is the token that is there
                assertThat(batch.ids()[(int) batch.ceAt()[i + 1]]).isEqualTo(batch.targets()[i]);
            }
        }
    }

    @Test
    void aPassGivesAllItsMemoryBack() {
        try (var learning = decoder.learning(LearningKernel.FP32, 1 << 20)) {
            learning.start(FreshAdapter.of(PLAN, decoder.config(), 1));
            int before = decoder.openScopes();
            try (var pass = learning.pass(RowsToBatch.of(rows(5)), 0.1, true, 2)) {
                for (int i = 0; i < 4; i++) { // given up half-way
                    pass.advance();
                }
                assertThat(decoder.openScopes()).isEqualTo(before + 1);
            }
            assertThat(decoder.openScopes()).isEqualTo(before);
        }
    }

    private Map<String, float[][]> gradients(List<List<TrainingRow>> passes) {
        try (var learning = decoder.learning(LearningKernel.FP32, 1 << 20)) {
            var start = FreshAdapter.of(PLAN, decoder.config(), 7);
            start.modules()
                    .values()
                    .forEach(
                            module -> { // with B zero, A would have no gradient
                                for (int i = 0; i < module.b().length; i++) {
                                    module.b()[i] = (float) Math.sin(i) / 20;
                                }
                            });
            learning.start(start);
            for (var rows : passes) {
                try (var pass = learning.pass(RowsToBatch.of(rows), 0, true, 4)) {
                    while (pass.unfinished()) {
                        pass.advance();
                    }
                }
            }
            return learning.gradientsByName();
        }
    }

    /** Rows of all kinds and of several lengths, the first {@code shared} tokens of which are the same. */
    static List<TrainingRow> rows(int shared) {
        var rows = new ArrayList<TrainingRow>();
        for (int r = 0; r < 5; r++) {
            int length = shared + 2 + 3 * r;
            int answer = 1 + r;
            var tokens = new int[length];
            for (int t = 0; t < length; t++) {
                tokens[t] = t < shared ? 10 + t : 30 + (7 * t + 11 * r) % 60;
            }
            double weight = 0.1 + 0.2 * r;
            rows.add(new TrainingRow(
                    tokens,
                    length - answer,
                    switch (r % 3) {
                        case 0 -> new Loss.CrossEntropy(weight);
                        case 1 -> new Loss.StayNear(top(answer), weight);
                        default -> slopes(answer);
                    }));
        }
        return rows;
    }

    /** Of either sign, another at each token. */
    private static Loss slopes(int tokens) {
        var slopes = new float[tokens];
        for (int i = 0; i < tokens; i++) {
            slopes[i] = (i % 2 == 0 ? 0.2f : -0.3f) / (1 + i);
        }
        return new Loss.Sloped(slopes);
    }

    private static TopLogprobs top(int places) {
        var ids = new int[2 * places];
        var logprobs = new float[2 * places];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 20 + i;
            logprobs[i] = (float) Math.log(i % 2 == 0 ? 0.6 : 0.3);
        }
        return new TopLogprobs(2, ids, logprobs);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
