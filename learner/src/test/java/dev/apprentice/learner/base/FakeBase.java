package dev.apprentice.learner.base;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.engine.batch.Timings;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.AdapterPlan;
import dev.apprentice.engine.training.LossReport;
import dev.apprentice.engine.training.OptimStep;
import dev.apprentice.engine.training.Student;
import dev.apprentice.engine.training.TopLogprobs;
import dev.apprentice.engine.training.Training;
import dev.apprentice.engine.training.TrainingRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A base whose tokens are words, whose hidden states are sums of random word vectors, and which says and learns what a
 * test tells it: everything around a model but the model.
 */
public final class FakeBase implements Base, Training {
    private static final int HIDDEN = 32;
    private static final int STOP = 0;

    private final Map<String, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, String> words = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger(1);
    private volatile BiFunction<String, @Nullable AdapterRef, String> answers = (_, _) -> "I do not know.";

    /** Every row that was trained, in order. */
    public final List<TrainingRow> trained = new CopyOnWriteArrayList<>();

    /** What each study started from. */
    public final List<Start> starts = new CopyOnWriteArrayList<>();

    /** What a student makes of a row. */
    public volatile ToDoubleFunction<TrainingRow> measured = _ -> -0.001;

    /** Called before each optimiser step. */
    public volatile Runnable beforeStep = () -> {};

    /** Where a study began. */
    public record Start(@Nullable LoraAdapter adapter) {}

    /** Called before a prompt's hidden states are computed. */
    public volatile Runnable beforeEmbed = () -> {};

    /** Prompts whose hidden states were computed. */
    public final Queue<String> embedded = new ConcurrentLinkedQueue<>();

    /** In which arithmetic it says that it computes. */
    public volatile String dtype = "fp32";

    @Override
    public String dtype() {
        return dtype;
    }

    /** From now on a prompt, as text, is answered so by an adapter, or by the bare base. */
    public void answers(BiFunction<String, @Nullable AdapterRef, String> answers) {
        this.answers = answers;
    }

    @Override
    public String digest() {
        return "00000000000000000000000000000000";
    }

    @Override
    public int layers() {
        return 30;
    }

    @Override
    public int hidden() {
        return HIDDEN;
    }

    @Override
    public long parameters() {
        return 135_000_000;
    }

    @Override
    public int contextTokens() {
        return 2_048;
    }

    @Override
    public int[] prompt(List<ChatMessage> messages, List<Map<String, Object>> tools) {
        var text = new StringBuilder(tools.isEmpty() ? "" : "<tools> " + tools.size() + " ");
        messages.forEach(message -> text.append('<')
                .append(message.role())
                .append("> ")
                .append(message.content())
                .append(' '));
        return tokens(text + "<assistant>");
    }

    @Override
    public Span span(List<ChatMessage> messages, List<Map<String, Object>> tools, ChatMessage answer) {
        var said = tokens(text(answer));
        var stopped = Arrays.copyOf(said, said.length + 1);
        stopped[said.length] = STOP;
        return new Span(prompt(messages, tools), stopped);
    }

    @Override
    public String text(ChatMessage answer) {
        var text = new StringBuilder(answer.content());
        for (var call : answer.toolCalls()) {
            if (call.get("function") instanceof Map<?, ?> function) {
                text.append("<call>{\"name\":\"%s\",\"arguments\":%s}"
                        .formatted(function.get("name"), function.get("arguments")));
            }
        }
        return text.toString();
    }

    @Override
    public Generation submit(GenerationRequest request) {
        return new Done(completion(request));
    }

    private Completion completion(GenerationRequest request) {
        var said = request.guide() instanceof AnswerGuide.Forced(var answer)
                ? answer
                : Arrays.stream(tokens(answers.apply(text(request.prompt()), request.adapter())))
                        .boxed()
                        .toList();
        var sampled = said.stream()
                .limit(request.sampling().maxTokens())
                .map(id -> new SampledToken(id, -3, List.of()))
                .toList();
        return new Completion(
                text(sampled.stream().mapToInt(SampledToken::id).toArray()),
                sampled,
                FinishReason.STOP,
                request.prompt().length,
                0);
    }

    @Override
    public Training training() {
        return this;
    }

    @Override
    public Student student(AdapterPlan plan, @Nullable LoraAdapter start, long seed) {
        starts.add(new Start(start));
        return new FakeStudent();
    }

    @Override
    public TopLogprobs baseTop(int[] tokens, int answerStart, int k) {
        int places = tokens.length - answerStart;
        return new TopLogprobs(1, new int[places], new float[places]);
    }

    @Override
    public float[][] embed(int[] prompt, int[] layers) {
        beforeEmbed.run();
        embedded.add(text(prompt));
        var state = new float[HIDDEN];
        for (int id : prompt) {
            var random = new java.util.Random(text(new int[] {id}).hashCode());
            for (int h = 0; h < HIDDEN; h++) {
                state[h] += (float) random.nextGaussian() / prompt.length;
            }
        }
        return Collections.nCopies(layers.length, state).toArray(float[][]::new);
    }

    /** Tokens as text. */
    public String text(int[] tokens) {
        return String.join(
                " ",
                Arrays.stream(tokens)
                        .mapToObj(id -> id == STOP ? "<stop>" : words.getOrDefault(id, "?"))
                        .toList());
    }

    private int[] tokens(String text) {
        return Arrays.stream(text.strip().split("\\s+"))
                .mapToInt(word -> ids.computeIfAbsent(word, fresh -> {
                    int id = next.getAndIncrement();
                    words.put(id, fresh);
                    return id;
                }))
                .toArray();
    }

    private final class FakeStudent implements Student {
        @Override
        public LossReport forwardBackward(List<TrainingRow> rows) {
            trained.addAll(rows);
            return new LossReport(0.01, new ArrayList<>(Collections.nCopies(rows.size(), -0.01)));
        }

        @Override
        public double optimStep(OptimStep step) {
            beforeStep.run();
            return 1;
        }

        @Override
        public List<Double> measure(List<TrainingRow> rows) {
            return rows.stream().map(measured::applyAsDouble).toList();
        }

        @Override
        public LoraAdapter snapshot() {
            return new LoraAdapter(Map.of(
                    "model.layers.12.self_attn.q_proj",
                    new LoraModule(new float[2], new float[] {1, starts.size()}, 1, 2, 2, 1)));
        }

        @Override
        public void close() {}
    }

    /** An answer that is there at once. */
    private record Done(Completion completion) implements Generation {
        @Override
        public GenerationEvent next() {
            return new GenerationEvent.Finished(completion);
        }

        @Override
        public Timings timings() {
            return new Timings(Instant.EPOCH, null, null, null);
        }

        @Override
        public boolean idle() {
            return false;
        }

        @Override
        public void close() {}
    }
}
