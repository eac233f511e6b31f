package dev.apprentice.learner;

import dev.apprentice.engine.Closing;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A learner on a tiny random model, which answers nonsense, but the same nonsense each time. The clock stands, so that
 * no study begins by itself.
 */
final class TinyLearner implements AutoCloseable {
    static final Extras WEIGHTS_ONLY = new Extras(false, Extras.Adapter.ALWAYS, true);

    private static final String REFERENCE = "../engine/src/test/resources/reference/";

    private final TestSeams time = new TestSeams();
    private final Closing house = new Closing();
    private final Learner learner;
    private final Engine engine;

    TinyLearner(Path data) {
        this(data, "llama-tied");
    }

    TinyLearner(Path data, String model) {
        var real = Seams.real();
        var seams = new Seams(time, real.seeds(), real.ids());
        try {
            engine = house.add(Engine.open(EngineSettings.of(Path.of(REFERENCE, model, "model")), seams));
            learner = house.add(Learner.open(LearnerSettings.of(data), engine, seams));
        } catch (RuntimeException e) {
            house.closeAfter(e);
            throw e;
        }
    }

    Learner learner() {
        return learner;
    }

    Engine engine() {
        return engine;
    }

    static Question question(String text, Extras extras) {
        return new Question(
                List.of(ChatMessage.of("user", text)),
                List.of(),
                new Constraint.None(),
                SamplingParams.greedy(16),
                16,
                extras,
                null,
                null,
                "chatcmpl-");
    }

    Answer asks(String model, String text) {
        return learner.agent(model).ask(question(text, Extras.NONE));
    }

    /** What {@code model} says by its weights alone. */
    Completion weightsSay(String model, String text) throws InterruptedException {
        try (var answer = learner.agent(model).ask(question(text, WEIGHTS_ONLY))) {
            return answer.await();
        }
    }

    Lesson correct(String id, String right) {
        return learner.lessons().give(new Feedback.Correction(id, 0, right, "ann"), null, "local");
    }

    /** Waits until every lesson is in the index of recall. */
    void recalledAll() throws InterruptedException {
        var events = learner.events();
        var seen = 0L;
        while (learner.lessons().counts("apprentice").containsKey(LessonState.RECORDED)) {
            if (!events.await(seen, Duration.ofMinutes(1))) {
                throw new AssertionError("a lesson does not reach the index");
            }
            seen = events.newest();
        }
    }

    /** A random adapter that changes what is said. */
    static byte[] adapter(int seed) {
        return adapter(seed, 1);
    }

    /** The same with its update multiplied by {@code scale}: equal tensors, another configuration. */
    static byte[] adapter(int seed, double scale) {
        var random = Seams.random(seed);
        var a = new float[4 * 32];
        var b = new float[32 * 4];
        for (var i = 0; i < a.length; i++) {
            a[i] = (float) random.nextGaussian();
            b[i] = (float) random.nextGaussian();
        }
        var modules = Map.of(
                "model.layers.0.self_attn.o_proj", new LoraModule(a, b, 4, 32, 32, scale),
                "model.layers.1.self_attn.o_proj", new LoraModule(b, a, 4, 32, 32, scale));
        return PeftFolder.zip(new LoraAdapter(modules), "tiny");
    }

    /** Uploads an adapter and makes it live. */
    int promoted(String instance, int seed) {
        var made = learner.checkpoints().upload(instance, adapter(seed), "ann");
        var number = made.number();
        if (number == null) {
            throw new AssertionError("an upload has a number");
        }
        learner.checkpoints().promote(instance, Integer.toString(number), false);
        return number;
    }

    /** Lets {@code duration} pass. */
    void pass(Duration duration) {
        time.pass(duration);
    }

    static @Nullable String instance(Answer answer) {
        return answer.provenance().instance();
    }

    @Override
    public void close() {
        house.close();
    }
}
