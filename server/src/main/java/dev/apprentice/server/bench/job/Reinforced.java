package dev.apprentice.server.bench.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.OptimStep;
import dev.apprentice.engine.training.Student;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.base.EngineBase;
import dev.apprentice.learner.study.StudyPlan;
import dev.apprentice.server.http.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The baseline: REINFORCE (Williams 1992) with a running mean as its baseline, on each graded answer, which it draws at
 * temperature 1. No replay, no anchor, no exam; the adapter has the shape of a study's. Four answers make a step of
 * AdamW. What it is told is only whether it was right, and taught answers it has to find by itself.
 *
 * <p>Its adapter is written after each step; a run that goes on reads it, and the optimiser's moments begin anew.
 */
final class Reinforced implements Subject {
    private static final int BATCH = 4;

    /** A tenth of what imitation takes. */
    private static final double RATE = 1e-4;

    private final House house;
    private final Path folder;
    private final long seed;
    private final Logbook log;
    private final List<Drawn> pending = new ArrayList<>();
    private final Map<String, List<Drawn>> episodes = new LinkedHashMap<>();
    private final Map<String, Drawn> answers = new LinkedHashMap<>();
    private @Nullable Student student;
    private @Nullable AdapterRef serving;
    private int steps;
    private double rewards;
    private int graded;

    /** An answer that may be trained on. */
    private record Drawn(String question, List<Integer> tokens, double advantage) {}

    /** An arm that goes on where {@code log} ends; {@code folder} has its adapters. */
    Reinforced(House house, Path folder, long seed, Logbook log) {
        this.house = house;
        this.folder = folder;
        this.seed = seed;
        this.log = log;
    }

    @Override
    public void enter(String instance) {
        // it has no instances: whoever enters anew asks the same weights
    }

    @Override
    public Said ask(Ask ask) throws InterruptedException {
        var said = Said.of(log.once("ask", () -> said(ask, answered(ask)).json()));
        if (ask.learn()) {
            var drawn = new Drawn(ask.text(), said.tokens(), 0);
            var episode = ask.episode();
            if (episode == null) {
                answers.put(said.id(), drawn);
            } else {
                episodes.computeIfAbsent(episode, _ -> new ArrayList<>()).add(drawn);
            }
        }
        return said;
    }

    private Said said(Ask ask, Completion completion) {
        var tokens = new ArrayList<Integer>();
        if (ask.learn()) {
            completion.tokens().forEach(token -> tokens.add(token.id()));
            if (completion.finish() == FinishReason.STOP) {
                tokens.add(endOfTurn());
            }
        }
        return new Said("answer-" + log.steps(), completion.text(), null, false, tokens);
    }

    private int endOfTurn() {
        var any = new EngineBase(house.engine()).span(List.of(ChatMessage.of("user", "Yes?")), "Yes.");
        return any.answer()[any.answer().length - 1];
    }

    private Completion answered(Ask ask) throws InterruptedException {
        var sampling = Apprenticed.sampling(ask.learn(), seed, log.steps());
        var request = GenerationRequest.of(prompt(ask.text()), sampling)
                .by(adapter())
                .formed(Apprenticed.constraint(ask.choices()));
        try (var answer = house.engine().submit(request)) {
            return answer.await();
        }
    }

    private int[] prompt(String question) {
        return new EngineBase(house.engine()).prompt(List.of(ChatMessage.of("user", question)));
    }

    @Override
    public List<String> askAll(List<String> questions) throws InterruptedException {
        var texts = new ArrayList<String>();
        for (var question : questions) {
            texts.add(ask(Ask.only(question)).text());
        }
        return texts;
    }

    @Override
    public void correct(Said said, Task task) throws InterruptedException {
        reward(said, task.right(said.text()) ? 1 : 0);
    }

    @Override
    public void teach(Task task) throws InterruptedException {
        correct(ask(Ask.graded(task.question())), task);
    }

    @Override
    public void rate(Said said, boolean up) throws InterruptedException {
        reward(said, up ? 1 : 0);
    }

    @Override
    public void reward(Said said, double reward) throws InterruptedException {
        var drawn = answers.remove(said.id());
        if (drawn != null) {
            grade(List.of(drawn), reward);
        }
    }

    @Override
    public void reward(String episode, double reward) throws InterruptedException {
        var drawn = episodes.remove(episode);
        if (drawn != null) {
            grade(drawn, reward);
        }
    }

    private void grade(List<Drawn> drawn, double reward) throws InterruptedException {
        double usual = graded == 0 ? 0 : rewards / graded;
        rewards += reward;
        graded++;
        drawn.stream()
                .filter(answer -> !answer.tokens().isEmpty())
                .forEach(answer -> pending.add(new Drawn(answer.question(), answer.tokens(), reward - usual)));
        if (pending.size() >= BATCH) {
            steps = log.once("step", this::step).path("steps").asInt();
            pending.clear();
            serving = null;
        }
    }

    private JsonNode step() throws InterruptedException {
        var rows = pending.stream().map(this::row).toList();
        if (student == null) {
            var plan = StudyPlan.DEFAULT.adapter(house.engine().base().config().layers());
            student = house.engine().training().student(plan, start(), seed);
        }
        student.forwardBackward(rows);
        student.optimStep(OptimStep.at(RATE));
        var place = folder.resolve("step-" + (steps + 1));
        try {
            PeftFolder.write(student.snapshot(), place, house.engine().base().name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Wire.object().put("steps", steps + 1);
    }

    private @Nullable LoraAdapter start() {
        return steps == 0
                ? null
                : PeftFolder.read(place(), house.engine().base().config());
    }

    private Path place() {
        return folder.resolve("step-" + steps);
    }

    /** Loss: minus the advantage times the log-probability of the whole answer, mean over the step's answers. */
    private TrainingRow row(Drawn drawn) {
        var prompt = prompt(drawn.question());
        int answer = drawn.tokens().size();
        var tokens = new int[prompt.length + answer];
        System.arraycopy(prompt, 0, tokens, 0, prompt.length);
        for (int i = 0; i < answer; i++) {
            tokens[prompt.length + i] = drawn.tokens().get(i);
        }
        return new TrainingRow(tokens, prompt.length, Loss.Sloped.evenly(-drawn.advantage() / pending.size(), answer));
    }

    /** The newest weights; the ones before the last are of no use to anybody. */
    private @Nullable AdapterRef adapter() {
        if (steps == 0 || serving != null) {
            return serving;
        }
        try {
            var before = folder.resolve("step-" + (steps - 2));
            if (Files.isDirectory(before)) {
                try (var files = Files.list(before)) {
                    for (var file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(before);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var weights = PeftFolder.read(place(), house.engine().base().config());
        serving = new AdapterRef(PeftFolder.digest(weights), place());
        return serving;
    }

    @Override
    public void study() {
        // it has learnt from each answer already
    }

    @Override
    public void judgeBy(int outcomes) {
        // it judges nothing
    }

    @Override
    public Map<String, Double> figures() {
        return Map.of("live", steps > 0 ? 1.0 : 0.0);
    }

    @Override
    public Map<String, Double> timed(List<Task> lessons, Duration window) {
        return Map.of();
    }

    @Override
    public int released() {
        return 0;
    }

    @Override
    public void close() {
        if (student != null) {
            student.close();
        }
    }
}
