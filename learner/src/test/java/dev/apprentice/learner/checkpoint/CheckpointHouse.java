package dev.apprentice.learner.checkpoint;

import dev.apprentice.engine.model.Family;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import dev.apprentice.engine.model.ModelConfig;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.engine.model.Rope;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.TestSeams;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.instance.BaseIdentity;
import dev.apprentice.learner.instance.InstanceWatcher;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.interaction.Interactions;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonFit;
import dev.apprentice.learner.lesson.LessonWatcher;
import dev.apprentice.learner.promotion.Swap;
import dev.apprentice.learner.promotion.TrialPlan;
import dev.apprentice.learner.promotion.Trials;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The registry and its neighbours on real files, for a base that exists only as a shape. */
public final class CheckpointHouse implements AutoCloseable, InstanceWatcher, LessonWatcher {
    /** The base that the checkpoints belong to. */
    public static final Manifest HERE = new Manifest("base-1", "tokenizer-1", "template-1", "trainer-1");

    static final ModelConfig BASE = new ModelConfig(
            Family.LLAMA,
            1,
            8,
            2,
            2,
            4,
            16,
            32,
            64,
            1e-5,
            new Rope(new float[] {1, 0.1f}, 1),
            true,
            false,
            false,
            false,
            false);

    private final TestSeams time = new TestSeams();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Path folder;
    private Store store;
    private Instances instances;
    private Ledger ledger;
    private Events events;
    private Checkpoints checkpoints;

    /** Opens the data of {@code folder}. */
    public CheckpointHouse(Path folder) {
        this(folder, HERE);
    }

    /** The same by a program that finds itself to be {@code here}. */
    CheckpointHouse(Path folder, Manifest here) {
        this.folder = folder;
        open(here);
    }

    private void open(Manifest here) {
        store = Store.open(folder);
        instances = new Instances(store, time, new BaseIdentity("tiny", HERE.base()), this);
        instances.settle();
        events = new Events(store, time);
        var interactions = new Interactions(store, time);
        ledger = new Ledger(store, instances, interactions, events, new EverythingFits(), this, seams());
        var trials = new Trials(store, events, TrialPlan.DEFAULT, time);
        var neighbours =
                new Neighbours(instances, ledger, new Swap(instances, events, time), trials, events, told::add);
        checkpoints = new Checkpoints(store, neighbours, here, BASE, "tiny", seams());
        checkpoints.inspect();
    }

    private dev.apprentice.engine.Seams seams() {
        var real = dev.apprentice.engine.Seams.real(); // ids must differ between two openings of one folder
        return new dev.apprentice.engine.Seams(time, real.seeds(), real.ids());
    }

    void reopen(Manifest here) {
        store.close();
        open(here);
    }

    void reopen() {
        reopen(HERE);
    }

    /** The registry. */
    public Checkpoints checkpoints() {
        return checkpoints;
    }

    /** The lessons. */
    public Ledger ledger() {
        return ledger;
    }

    Instances instances() {
        return instances;
    }

    Events events() {
        return events;
    }

    /** A small adapter, another one for each {@code seed}. */
    public static LoraAdapter adapter(int seed) {
        var a = new float[2 * 8];
        var b = new float[8 * 2];
        Arrays.fill(a, 0.25f);
        Arrays.fill(b, seed);
        return new LoraAdapter(Map.of("model.layers.0.self_attn.q_proj", new LoraModule(a, b, 2, 8, 8, 2)));
    }

    static byte[] zip(int seed) {
        return PeftFolder.zip(adapter(seed), "tiny");
    }

    /** A candidate that passed and went live. */
    public Checkpoint live(int seed, @Nullable Integer parent, String... lessons) {
        return checkpoints.pass(
                "apprentice", candidate(seed, parent, lessons), Columns.tree(Map.of("ok", true)), null, true);
    }

    String candidate(int seed, @Nullable Integer parent, String... lessons) {
        var plan = Columns.tree(Map.of("seed", seed));
        return checkpoints
                .candidate(new Draft("apprentice", parent, adapter(seed), List.of(lessons), plan))
                .candidate();
    }

    /** A lesson that says {@code answer} to {@code question}. */
    public Lesson lesson(String question, String answer) {
        var example = new Feedback.Example("apprentice", List.of(ChatMessage.of("user", question)), answer, "ann");
        return ledger.give(example, null, "local");
    }

    int serving() {
        return checkpoints.serving(instances.get("apprentice")).number();
    }

    List<String> told() {
        return told;
    }

    List<Path> folders() {
        try (var entries = Files.list(folder.resolve("adapters"))) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path tensors(int number) {
        var adapter = checkpoints.pinned(instances.get("apprentice"), number).adapter();
        if (adapter == null) {
            throw new AssertionError("checkpoint " + number + " has no adapter");
        }
        return adapter.folder().resolve("adapter_model.safetensors");
    }

    @Override
    public void given(Lesson lesson) {}

    @Override
    public void gone(Lesson lesson) {}

    @Override
    public void frozen(String instance, boolean frozen) {}

    @Override
    public void deleted(String instance) {
        checkpoints.sweep();
    }

    @Override
    public void close() {
        store.close();
    }

    private static final class EverythingFits implements LessonFit {
        @Override
        public void check(
                @Nullable String systemPrompt,
                List<ChatMessage> messages,
                List<Map<String, Object>> tools,
                ChatMessage reply) {}

        @Override
        public String text(ChatMessage reply) {
            return reply.content();
        }
    }
}
