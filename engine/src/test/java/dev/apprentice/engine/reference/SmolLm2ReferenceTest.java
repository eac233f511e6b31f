package dev.apprentice.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.decoder.Prediction;
import dev.apprentice.engine.decoder.RowCache;
import dev.apprentice.engine.decoder.Step;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.hub.KnownModels;
import dev.apprentice.engine.model.hub.ModelStore;
import dev.apprentice.engine.model.hub.Progress;
import dev.apprentice.engine.model.hub.StoreSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The default model answers as transformers does with the same dequantised weights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmolLm2ReferenceTest {
    private final JsonNode expected =
            ReferenceCase.json(ReferenceCase.home().resolve("smollm2").resolve("smollm2.json"));

    @SuppressWarnings("NullAway.Init") // opened before all tests
    private BaseModel base;

    @SuppressWarnings("NullAway.Init")
    private Decoder decoder;

    @BeforeAll
    void open() {
        var known = KnownModels.bundled();
        var store = new ModelStore(StoreSettings.of(known, System.getenv()), Seams.real(), Progress.SILENT);
        base = BaseModel.open(store.resolve(known.standard()));
        decoder = Decoder.load(base, Kernel.FP32, List.of(), 2);
    }

    @AfterAll
    void close() {
        decoder.close();
        base.close();
    }

    /** All prompts in one batch: each is read alone, then every step reads one token of each that still runs. */
    @Test
    void greedyAnswersAreThoseOfTransformers() {
        var running = new ArrayList<Answer>();
        var all = new ArrayList<Answer>();
        for (var chat : expected.get("chats")) {
            all.add(new Answer(chat));
        }
        try {
            for (var answer : all) {
                answer.take(step(List.of(answer.row(answer.prompt))).getFirst());
            }
            all.stream().filter(Answer::goesOn).forEach(running::add);
            while (!running.isEmpty()) {
                var next = step(running.stream().map(a -> a.row(a.last())).toList());
                for (int i = 0; i < next.size(); i++) {
                    running.get(i).take(next.get(i));
                }
                running.removeIf(answer -> !answer.goesOn());
            }
            for (var answer : all) {
                assertThat(answer.chosen).as(answer.text).isEqualTo(answer.expected);
            }
        } finally {
            all.forEach(answer -> answer.cache.close());
        }
    }

    private List<Prediction> step(List<Step.Row> rows) {
        return decoder.step(new Step(rows, decoder.config().vocabulary())).predictions();
    }

    @Test
    void meanHiddenStatesAreThoseOfTransformers() {
        var states = expected.get("states");
        var layers = ReferenceCase.ints(states.get("layers"));
        for (var prompt : states.get("prompts")) {
            var means = means(ReferenceCase.ints(prompt.get("ids")), layers);
            for (int layer = 0; layer < layers.length; layer++) {
                var wanted = floats(prompt.get("means").get(layer));
                // fp32 over thirty layers and two ways to sum: a few millionths of the largest number
                assertThat(ReferenceCase.distance(Arrays.copyOf(means[layer], wanted.length), wanted))
                        .as("layer %d", layers[layer])
                        .isLessThan(1e-3);
            }
        }
    }

    private float[][] means(int[] ids, int[] layers) {
        try (var embedding = decoder.embedding(ids, layers, 16)) { // in pieces, as a long prompt is read
            while (embedding.unfinished()) {
                embedding.advance();
            }
            return embedding.means();
        }
    }

    private static float[] floats(JsonNode list) {
        var floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) list.get(i).asDouble();
        }
        return floats;
    }

    /** One prompt's answer while it is written. */
    private final class Answer {
        private final String text;
        private final int[] prompt;
        private final List<Integer> expected;
        private final List<Integer> chosen = new ArrayList<>();
        private final RowCache cache;
        private int past;

        Answer(JsonNode chat) {
            text = chat.get("text").asText();
            prompt = ReferenceCase.ints(chat.get("ids"));
            expected = Arrays.stream(ReferenceCase.ints(chat.get("greedy")))
                    .boxed()
                    .toList();
            cache = decoder.cache(prompt.length + maxTokens());
        }

        Step.Row row(int... tokens) {
            var row = new Step.Row(tokens, past, cache, null, Step.Wanted.BEST);
            past += tokens.length;
            return row;
        }

        int last() {
            return chosen.getLast();
        }

        void take(Prediction next) {
            chosen.add(next.best());
        }

        boolean goesOn() {
            return chosen.size() < maxTokens()
                    && Arrays.stream(base.specials().stopIds()).noneMatch(id -> id == last());
        }

        private int maxTokens() {
            return SmolLm2ReferenceTest.this.expected.get("maxTokens").asInt();
        }
    }
}
