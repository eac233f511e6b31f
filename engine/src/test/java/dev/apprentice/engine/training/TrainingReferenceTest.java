package dev.apprentice.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.SharedWeights;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.decoder.Learning;
import dev.apprentice.engine.decoder.LearningKernel;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.reference.ReferenceCase;
import dev.apprentice.engine.reference.ReferenceTensors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Losses, named gradients and optimiser steps are PyTorch's; the definitions stand in the file of expected values. Two
 * fp32 computations that sum in another order differ by about 1e-6 of the largest number: hence the tolerances.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainingReferenceTest {
    private static final double LOSS = 1e-5;
    private static final double OF_LARGEST = 1e-4;

    /** Ten steps of 1e-3 move a weight by at most 1e-2; a hundredth of one step may go astray. */
    private static final double WEIGHT = 1e-5;

    private final JsonNode expected =
            ReferenceCase.json(ReferenceCase.home().resolve("training").resolve("training.json"));
    private final ReferenceTensors tensors =
            ReferenceTensors.read(ReferenceCase.home().resolve("training").resolve("training.safetensors"));
    private final AdapterPlan plan =
            new AdapterPlan(expected.get("rank").asInt(), expected.get("alpha").asDouble(), 0, 0, 2);

    @SuppressWarnings("NullAway.Init") // opened before all tests
    private BaseModel base;

    @SuppressWarnings("NullAway.Init")
    private Decoder decoder;

    @BeforeAll
    void open() {
        base = BaseModel.open(ReferenceCase.of("llama-tied").model());
        decoder = Decoder.load(base, Kernel.FP32, List.of(), 2);
    }

    @AfterAll
    void close() {
        decoder.close();
        base.close();
    }

    @Test
    void crossEntropyHasPytorchsLossAndGradients() {
        assertGradients(decoder, "crossEntropy", taught());
    }

    /** As on a GPU. */
    @Test
    void onSharedWeightsTooLossAndGradientsArePytorchs() {
        try (var shared = SharedWeights.load(base, Kernel.FP32)) {
            assertGradients(shared, "crossEntropy", taught());
            assertGradients(shared, "stayNear", probes());
        }
    }

    @Test
    void slopesAtEachTokenHavePytorchsGradientsToo() {
        int rows = expected.get("crossEntropy").get("rows").size();
        var sloped = taught().stream()
                .map(row -> new TrainingRow(
                        row.tokens(),
                        row.answerStart(),
                        Loss.Sloped.evenly(-1.0 / row.answerTokens() / rows, row.answerTokens())))
                .toList();

        assertGradients(decoder, "crossEntropy", sloped);
    }

    @Test
    void stayingNearTheBaseHasPytorchsLossAndGradients() {
        assertGradients(decoder, "stayNear", probes());
    }

    @Test
    void theBasesBestTokensAreTransformers() throws InterruptedException {
        var rows = expected.get("stayNear").get("rows");
        for (int i = 0; i < rows.size(); i++) {
            var tokens = ReferenceCase.ints(rows.get(i).get("ids"));
            var top = training().baseTop(tokens, rows.get(i).get("answerStart").asInt(), k());

            assertThat(ReferenceCase.distance(top.logprobs(), tensors.flat("stayNear.top." + i)))
                    .isLessThan(1e-4);
            for (int place = 0; place < top.places(); place++) {
                assertThat(java.util.Arrays.copyOfRange(top.ids(), place * k(), (place + 1) * k()))
                        .containsExactlyInAnyOrder(
                                ReferenceCase.ints(rows.get(i).get("top").get(place)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps", "decayedSteps"})
    void optimiserStepsArePytorchs(String run) throws InterruptedException {
        var json = expected.get(run);
        var step = new OptimStep(
                json.get("rate").asDouble(),
                json.get("beta1").asDouble(),
                json.get("beta2").asDouble(),
                json.get("epsilon").asDouble(),
                json.get("decay").asDouble(),
                json.get("clip").asDouble());
        try (var student = training().student(plan, start(), 1)) {
            for (int i = 0; i < json.get("norms").size(); i++) {
                assertThat(student.forwardBackward(taught()).loss())
                        .as("loss before step %d", i)
                        .isCloseTo(json.get("losses").get(i).asDouble(), within(10 * LOSS));
                assertThat(student.optimStep(step))
                        .as("gradient norm of step %d", i)
                        .isCloseTo(json.get("norms").get(i).asDouble(), within(1e-3));
            }
            student.snapshot().modules().forEach((path, module) -> {
                assertClose(run + "." + path + ".lora_A", module.a(), WEIGHT);
                assertClose(run + "." + path + ".lora_B", module.b(), WEIGHT);
            });
        }
    }

    private void assertGradients(Decoder decoder, String kind, List<TrainingRow> rows) {
        var json = expected.get(kind);
        try (var learning = decoder.learning(LearningKernel.FP32, 1 << 20)) {
            learning.start(start());
            var outcome = whole(learning, rows, 3);

            assertThat(outcome.loss()).isCloseTo(json.get("loss").asDouble(), within(LOSS));
            assertThat(learning.parts()).isEqualTo(2);
            assertThat(Math.sqrt(learning.squares(0) + learning.squares(1)))
                    .isCloseTo(json.get("norm").asDouble(), within(1e-3));
            var gradients = learning.gradientsByName();
            assertThat(gradients).hasSize(14);
            gradients.forEach((path, pair) -> {
                assertRelative(kind + "." + path + ".lora_A", pair[0]);
                assertRelative(kind + "." + path + ".lora_B", pair[1]);
            });
        }
    }

    private static Learning.Outcome whole(Learning learning, List<TrainingRow> rows, int positions) {
        try (var pass = learning.pass(RowsToBatch.of(rows), 0, true, positions)) {
            while (pass.unfinished()) {
                pass.advance();
            }
            return pass.outcome();
        }
    }

    private void assertRelative(String name, float[] actual) {
        double largest = 0;
        for (float value : tensors.flat(name)) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertClose(name, actual, OF_LARGEST * largest);
    }

    private void assertClose(String name, float[] actual, double tolerance) {
        assertThat(ReferenceCase.distance(actual, tensors.flat(name)))
                .as("largest difference of %s", name)
                .isLessThanOrEqualTo(tolerance);
    }

    private NativeTraining training() {
        return new NativeTraining(decoder, new ComputePermit(), LearningKernel.FP32);
    }

    private LoraAdapter start() {
        var file = ReferenceCase.home().resolve("training").resolve("adapter").resolve("adapter_model.safetensors");
        return ReferenceTensors.read(file).lora(path -> plan.alpha() / plan.rank());
    }

    private int k() {
        return expected.get("stayNear").get("k").asInt();
    }

    private List<TrainingRow> taught() {
        var json = expected.get("crossEntropy").get("rows");
        var rows = new ArrayList<TrainingRow>();
        for (var row : json) {
            rows.add(row(row, new Loss.CrossEntropy(1.0 / json.size())));
        }
        return rows;
    }

    private List<TrainingRow> probes() {
        var json = expected.get("stayNear").get("rows");
        var rows = new ArrayList<TrainingRow>();
        for (int i = 0; i < json.size(); i++) {
            var ids = new ArrayList<Integer>();
            for (var place : json.get(i).get("top")) {
                for (int id : ReferenceCase.ints(place)) {
                    ids.add(id);
                }
            }
            var flat = ids.stream().mapToInt(Integer::intValue).toArray();
            var top = new TopLogprobs(k(), flat, tensors.flat("stayNear.top." + i));
            rows.add(row(json.get(i), new Loss.StayNear(top, 1.0 / json.size())));
        }
        return rows;
    }

    private static TrainingRow row(JsonNode json, Loss loss) {
        return new TrainingRow(
                ReferenceCase.ints(json.get("ids")), json.get("answerStart").asInt(), loss);
    }
}
