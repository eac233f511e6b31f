package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.EngineBase;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.base.Questions;
import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.instance.Match;
import dev.apprentice.learner.lesson.Right;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.recall.RecallSettings;
import dev.apprentice.learner.recall.RecallWish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Teaches a fresh instance a made-up job on a real base and prints how much of it each way of learning knows:
 * {@code JobsBench MODEL JOB.json SEED [DATA]}. DATA keeps hidden states between runs.
 */
public final class JobsBench {
    private static final int ANSWER_TOKENS = 16;

    private JobsBench() {}

    /** One message with its right answer. */
    record Item(String question, String answer) {}

    /** Runs. */
    public static void main(String[] args) throws IOException, InterruptedException {
        var job = new ObjectMapper().readTree(Path.of(args[1]).toFile());
        var seeds = RandomGenerator.of("L64X128MixRandom");
        var seed = new AtomicLong(Long.parseLong(args[2]));
        var seams = new Seams(Clock.systemUTC(), seed::getAndIncrement, () -> Long.toString(seeds.nextLong()));
        var data = args.length > 3 ? Path.of(args[3]) : Files.createTempDirectory("jobs");
        try (var engine = Engine.open(EngineSettings.of(Path.of(args[0])), seams)) {
            var base = new EngineBase(engine);
            var store = new MemoryStore(
                    Files.createTempDirectory(Files.createDirectories(data), "run"),
                    seams.clock().instant());
            try (var recall = Recall.open(base, Probes.load(), store, RecallSettings.DEFAULT, data.resolve("recall"))) {
                run(base, recall, store, job, seams);
            }
        }
    }

    private static void run(Base base, Recall recall, MemoryStore store, JsonNode job, Seams seams)
            throws InterruptedException {
        var taught = items(job, "taught");
        var unseen = items(job, "unseen");
        recall.settle();
        var start = System.nanoTime();
        say("before", ask(base, recall, store, unseen, null), start);
        for (var item : taught) {
            recall.add(store.teach(item.question(), item.answer(), seams.clock().instant()));
        }
        recall.settle();
        say("recall at once", ask(base, recall, store, unseen, RecallWish.all()), start);
        start = System.nanoTime();
        var last = new AtomicLong();
        try (var _ =
                Studies.open(base, Probes.load(), store, recall, StudyPlan.DEFAULT, ExamPlan.DEFAULT, seams, step -> {
                    last.set(step.step());
                    if (step.step() % 10 == 9) {
                        System.out.println(step);
                    }
                })) {
            while (store.live(MemoryStore.ID) == null
                    && store.lessons(MemoryStore.ID).stream()
                            .noneMatch(l -> l.state() == dev.apprentice.learner.lesson.LessonState.PARKED)) {
                Thread.sleep(200);
            }
            System.out.println("studied and examined in " + seconds(start) + " s, steps " + (last.get() + 1));
            store.exams().forEach(System.out::println);
        }
        recall.settle();
        System.out.println(
                "fit " + Objects.requireNonNull(store.live(MemoryStore.ID)).fit());
        say("weights alone", ask(base, recall, store, unseen, RecallWish.gateOnly()), start);
        say("both", ask(base, recall, store, unseen, RecallWish.all()), start);
    }

    private static List<Item> items(JsonNode job, String part) {
        var items = new ArrayList<Item>();
        job.get(part)
                .forEach(item -> items.add(new Item(
                        job.get("prompt")
                                .asText()
                                .replace("{}", item.get("message").asText()),
                        item.get("answer").asText())));
        return items;
    }

    private static double ask(Base base, Recall recall, MemoryStore store, List<Item> items, @Nullable RecallWish wish)
            throws InterruptedException {
        var live = store.live(MemoryStore.ID);
        var requests = new ArrayList<GenerationRequest>();
        int familiar = 0;
        for (var item : items) {
            var messages = List.of(ChatMessage.of("user", item.question()));
            var request = GenerationRequest.of(base.prompt(messages), SamplingParams.greedy(ANSWER_TOKENS));
            if (wish != null) {
                var found = recall.recall(MemoryStore.ID, messages, wish);
                familiar += found.familiar() ? 1 : 0;
                request = GenerationRequest.of(
                                base.prompt(Conversation.with(found.examples(), messages)),
                                SamplingParams.greedy(ANSWER_TOKENS))
                        .guided(found.guide())
                        .by(found.familiar() && live != null ? live.adapter() : null);
            }
            requests.add(request);
        }
        var answers = Questions.ask(base, requests);
        int right = 0;
        for (int i = 0; i < items.size(); i++) {
            right +=
                    Right.holds(Match.EXACT, answers.get(i).text(), items.get(i).answer()) ? 1 : 0;
        }
        System.out.println("familiar " + familiar + " of " + items.size());
        return right / (double) items.size();
    }

    private static void say(String what, double right, long start) {
        System.out.printf(Locale.ROOT, "RESULT %s: %.3f right, %s s%n", what, right, seconds(start));
    }

    private static String seconds(long start) {
        return String.format(
                Locale.ROOT, "%.1f", Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0);
    }
}
