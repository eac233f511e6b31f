package dev.apprentice.server.bench.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.Penalties;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.Answer;
import dev.apprentice.learner.Learner;
import dev.apprentice.learner.Question;
import dev.apprentice.learner.instance.InstanceDraft;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.study.StudyPlan;
import dev.apprentice.server.http.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An arm that is the program itself, with some of it switched off: a learner in this process. */
final class Apprenticed implements Subject {
    /** What an answer may have; whoever rambles is wrong. */
    static final int ANSWER_TOKENS = 24;

    private static final String TEACHER = "teacher";
    private static final String SCOPE = "bench";
    private static final int TOGETHER = 8;
    private static final int PAGE = 64;
    private static final int FIT_FROM = 24;
    private static final Duration RECALLED = Duration.ofSeconds(30);
    private static final Duration STUDIED = Duration.ofHours(6);
    private static final Duration FITTED = Duration.ofMinutes(1);

    private final Arm arm;
    private final House house;
    private final Path data;
    private final long seed;
    private final Logbook log;
    private @Nullable Learner learner;
    private String instance = "job";
    private int released;

    /**
     * An arm that goes on where {@code log} ends.
     *
     * @param data where its learner keeps what it knows
     */
    Apprenticed(Arm arm, House house, Path data, long seed, Logbook log) {
        this.arm = arm;
        this.house = house;
        this.data = data;
        this.seed = seed;
        this.log = log;
    }

    @Override
    public void enter(String other) throws InterruptedException {
        instance = other;
        log.once("enter", () -> {
            if (!learner().instances().ids().contains(other)) {
                var policy = Policy.DEFAULT.with(Collections.singletonMap("rebuild_at", null));
                learner().instances().create(new InstanceDraft(other, "made by a benchmark", null, policy));
            }
            return Wire.object();
        });
    }

    @Override
    public Said ask(Ask ask) throws InterruptedException {
        return Said.of(log.once("ask", () -> {
            try (var answer = begun(ask)) {
                return said(answer).json();
            }
        }));
    }

    @Override
    public List<String> askAll(List<String> questions) throws InterruptedException {
        var texts = new ArrayList<String>();
        for (int from = 0; from < questions.size(); from += PAGE) {
            var page = questions.subList(from, Math.min(from + PAGE, questions.size()));
            log.once("ask_all", () -> page(page)).forEach(text -> texts.add(text.asText()));
        }
        return texts;
    }

    private JsonNode page(List<String> questions) throws InterruptedException {
        var texts = Wire.object().arrayNode();
        var running = new ArrayDeque<Answer>();
        try {
            for (var question : questions) {
                if (running.size() == TOGETHER) {
                    texts.add(said(running.getFirst()).text());
                    running.removeFirst().close();
                }
                running.addLast(begun(Ask.only(question)));
            }
            while (!running.isEmpty()) {
                texts.add(said(running.getFirst()).text());
                running.removeFirst().close();
            }
            return texts;
        } finally {
            running.forEach(Answer::close);
        }
    }

    private static Said said(Answer answer) throws InterruptedException {
        var text = answer.await().text();
        var from = answer.provenance();
        return new Said(answer.id(), text, from.confidence(), from.needsHelp(), List.of());
    }

    private Answer begun(Ask ask) {
        return learner().agent(instance).ask(question(ask));
    }

    /** Tokens by the weights' own chances where {@code sampled}, with a seed of its own at each step; else greedy. */
    static SamplingParams sampling(boolean sampled, long seed, int step) {
        return sampled
                ? new SamplingParams(
                        1,
                        1,
                        0,
                        0,
                        Penalties.NONE,
                        Map.of(),
                        seed * 1_000_003 + step,
                        ANSWER_TOKENS,
                        0,
                        List.of(),
                        false,
                        0)
                : SamplingParams.greedy(ANSWER_TOKENS);
    }

    private Question question(Ask ask) {
        var sampling = sampling(ask.sampled(), seed, log.steps());
        return new Question(
                List.of(ChatMessage.of("user", ask.text())),
                List.of(),
                constraint(ask.choices()),
                sampling,
                ANSWER_TOKENS,
                arm.extras(ask.learn()),
                ask.episode(),
                null,
                "chatcmpl-");
    }

    static Constraint constraint(List<String> choices) {
        return choices.isEmpty()
                ? new Constraint.None()
                : new Constraint.OneOf(choices.stream()
                        .<Constraint>map(Constraint.Literal::new)
                        .toList());
    }

    @Override
    public void correct(Said said, Task task) throws InterruptedException {
        give(new Feedback.Correction(said.id(), 0, task.answer(), TEACHER));
    }

    @Override
    public void teach(Task task) throws InterruptedException {
        var messages = List.of(ChatMessage.of("user", task.question()));
        give(new Feedback.Example(instance, messages, task.answer(), TEACHER));
    }

    @Override
    public void rate(Said said, boolean up) throws InterruptedException {
        give(new Feedback.Rating(said.id(), 0, up, TEACHER));
    }

    @Override
    public void reward(Said said, double reward) throws InterruptedException {
        give(new Feedback.Reward(said.id(), 0, reward, TEACHER));
    }

    @Override
    public void reward(String episode, double reward) throws InterruptedException {
        give(new Feedback.EpisodeReward(episode, instance, reward, TEACHER));
    }

    /** Gives it under a key of its own, so that a run that was killed in between gives it once. */
    private void give(Feedback feedback) throws InterruptedException {
        if (arm == Arm.BASE) {
            return; // it is told nothing
        }
        var about = feedback instanceof Feedback.Correction correction ? correction.interaction() : "";
        var key = "step-" + log.steps() + about;
        var came = log.once("give", () -> {
            var lessons = learner().lessons();
            var lesson = lessons.give(feedback, key, SCOPE);
            boolean held = lesson.state() == LessonState.HELD;
            if (held) {
                lessons.release(lesson.id()); // whoever teaches means what was said last
            }
            if (feedback instanceof Feedback.Teaching) {
                var _ = House.until(() -> lessons.get(lesson.id()).state() != LessonState.RECORDED, RECALLED);
            }
            return Wire.object().put("released", held);
        });
        released += came.path("released").asBoolean() ? 1 : 0;
    }

    @Override
    public void study() throws InterruptedException {
        if (!arm.studies()) {
            return;
        }
        var here = instance;
        log.once("study", () -> {
            learner().study(here);
            if (!House.until(() -> learner().settled(here), STUDIED)) {
                throw new FailedException(
                        "bench_failed", "a study did not end in " + STUDIED.toHours() + " hours", Fault.NONE);
            }
            if (!learner().ready()) {
                throw new FailedException("bench_failed", learner().unreadyReason(), Fault.NONE);
            }
            return Wire.object();
        });
    }

    @Override
    public void judgeBy(int outcomes) throws InterruptedException {
        if (arm == Arm.BASE || outcomes < FIT_FROM) {
            return; // nobody judges
        }
        var here = instance;
        log.once("judge", () -> {
            var known = House.until(() -> learner().values().standing(here).outcomes() >= outcomes, FITTED);
            return Wire.object().put("known", known);
        });
    }

    @Override
    public Map<String, Double> figures() throws InterruptedException {
        var here = instance;
        return figures(log.once("figures", () -> Wire.value(Exams.of(learner(), here))));
    }

    @Override
    public Map<String, Double> timed(List<Task> lessons, Duration window) throws InterruptedException {
        var here = instance;
        return figures(log.once(
                "timed", () -> Wire.value(new Timing(learner(), here, arm.extras(false), lessons, window).figures())));
    }

    private static Map<String, Double> figures(JsonNode came) {
        var figures = new LinkedHashMap<String, Double>();
        came.properties()
                .forEach(entry -> figures.put(entry.getKey(), entry.getValue().asDouble()));
        return figures;
    }

    @Override
    public int released() {
        return released;
    }

    private Learner learner() {
        if (learner == null) {
            var plan = arm == Arm.NO_REPLAY ? StudyPlan.DEFAULT.withoutReplay() : StudyPlan.DEFAULT;
            learner = house.learner(data, plan, seed * 1_000_003 + log.known());
        }
        return learner;
    }

    @Override
    public void close() {
        if (learner != null) {
            learner.close();
            house.keep(data);
        }
    }
}
