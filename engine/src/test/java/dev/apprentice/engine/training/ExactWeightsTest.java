package dev.apprentice.engine.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.decoder.LearningKernel;
import dev.apprentice.engine.decoder.Step;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.reference.ReferenceCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where another kernel serves, the fp32 weights are in memory only while somebody learns or looks. */
class ExactWeightsTest {
    private static final int[] TOKENS =
            IntStream.range(0, 24).map(i -> 3 + i * 7 % 50).toArray();

    private static final int[] LAYERS = {0, 2};

    @TempDir
    private Path folder;

    private final BaseModel base = BaseModel.open(ReferenceCase.of("llama-tied").model());

    @AfterEach
    void close() {
        base.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "INT8"})
    void theyAreMappedWhileAStudyRunsAndGivenBackSoonAfter(Kernel kernel) throws Exception {
        var file = folder.resolve("weights.fp32");
        try (var decoder = Decoder.load(base, kernel, List.of(TOKENS), 1)) {
            var answered = answer(decoder);
            var looked = look(decoder);
            double learnt = learn(decoder, () -> {});
            assertThat(decoder.holdsExact()).isTrue();
            int scopes = decoder.openScopes();

            decoder.keepExactIn(file);

            assertThat(decoder.holdsExact()).isFalse();
            assertThat(mapped(file)).isZero();
            double again = learn(decoder, () -> {
                assertThat(decoder.holdsExact()).isTrue();
                assertThat(mapped(file)).isPositive();
            });
            assertThat(again).isEqualTo(learnt);
            assertThat(look(decoder)).isEqualTo(looked);
            assertThat(answer(decoder)).isEqualTo(answered);
            assertThat(decoder.holdsExact()).as("the next one comes soon").isTrue();
            assertThat(decoder.openScopes()).as("without that of the weights").isEqualTo(scopes - 1);
            long arrays = decoder.arrays();
            while (decoder.holdsExact() || mapped(file) > 0) {
                Thread.onSpinWait();
            }
            assertThat(decoder.openScopes()).isEqualTo(scopes - 1);
            assertThat(decoder.arrays()).isEqualTo(arrays);
        }
    }

    @Test
    void whereFp32ServesTheyStay() {
        var file = folder.resolve("weights.fp32");
        try (var decoder = Decoder.load(base, Kernel.FP32, List.of(), 1)) {
            decoder.keepExactIn(file);
            assertThat(decoder.holdsExact()).isTrue();
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void theyStayWhereTheirFileCannotBeWritten() {
        try (var decoder = Decoder.load(base, Kernel.BF16, List.of(), 1)) {
            decoder.keepExactIn(folder.resolve("no such folder").resolve("weights.fp32"));
            assertThat(decoder.holdsExact()).isTrue();
            assertThat(answer(decoder)).isNotEmpty();
        }
    }

    @Test
    void aFileThatIsNotTheirsOrNotWholeIsWrittenAnew() throws Exception {
        var file = folder.resolve("weights.fp32");
        for (var found : List.of("whatever", "")) {
            Files.writeString(file, found);
            try (var decoder = Decoder.load(base, Kernel.BF16, List.of(), 1)) {
                var looked = look(decoder);
                decoder.keepExactIn(file);
                assertThat(look(decoder)).isEqualTo(looked);
            }
        }
        var before = Files.getLastModifiedTime(file);
        try (var decoder = Decoder.load(base, Kernel.INT8, List.of(TOKENS), 1)) {
            decoder.keepExactIn(file);
            assertThat(decoder.holdsExact()).isFalse();
        }
        assertThat(Files.getLastModifiedTime(file))
                .as("it is good for any kernel")
                .isEqualTo(before);
    }

    private static float[] answer(Decoder decoder) {
        try (var cache = decoder.cache(32)) {
            return decoder.step(new Step(
                            List.of(new Step.Row(TOKENS, 0, cache, null, Step.Wanted.LAST)),
                            decoder.config().vocabulary()))
                    .predictions()
                    .getFirst()
                    .logits();
        }
    }

    private static float[][] look(Decoder decoder) {
        try (var embedding = decoder.embedding(TOKENS, LAYERS)) {
            while (embedding.unfinished()) {
                embedding.advance();
            }
            return embedding.means();
        }
    }

    /** The loss after two steps. */
    private static double learn(Decoder decoder, Runnable meanwhile) throws InterruptedException {
        var rows = List.of(new TrainingRow(TOKENS, 12, new Loss.CrossEntropy(1)));
        var plan = new AdapterPlan(4, 8, 0, 0, decoder.config().layers());
        try (var student =
                new NativeTraining(decoder, new ComputePermit(), LearningKernel.FP32).student(plan, null, 1)) {
            meanwhile.run();
            for (int step = 0; step < 2; step++) {
                student.forwardBackward(rows);
                student.optimStep(OptimStep.at(1e-2));
            }
            return student.measure(rows).getFirst();
        }
    }

    /** In how many pieces {@code file} is mapped into this process, as Linux tells. */
    private static int mapped(Path file) {
        try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
            return (int) maps.filter(line -> line.endsWith(file.toString())).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
