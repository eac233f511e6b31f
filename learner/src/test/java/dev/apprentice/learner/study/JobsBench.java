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
import dev.apprentice.learner.exam.Examiners;
import dev.apprentice.learner.instance.Match;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.lesson.Right;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.recall.RecallSettings;
import dev.apprentice.learner.recall.RecallWish;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Teaches a fresh instance a made-up job on a real base and prints how much of it each way of learning knows:
 * {@code JobsBench MODEL JOB.json [seed=1] [threads=2] [lessons=24] [pause_ms=0] [data=FOLDER]}. With {@code lessons=1}
 * the lesson itself is asked, and some general prompts. {@code data} keeps hidden states between runs. With
 * {@code gate=true} nothing is studied: which requests the gate lets through is told. A job may have questions
 * {@code near} its own, whose answers should stay as they are. {@code from=0} puts adapters on all layers,
 * {@code learning=BF16} multiplies in bf16.
 */
public final class JobsBench {
    private static final int ANSWER_TOKENS = 16;
    private static final int GENERAL = 20;

    private final PrintStream out = System.out;
    private final Map<String, String> options = new HashMap<>();
    private final Base base;
    private final Recall recall;
    private final MemoryStore store;
    private final Seams seams;

    private JobsBench(String[] args, Base base, Recall recall, MemoryStore store, Seams seams) {
        this.options.putAll(options(args));
        this.base = base;
        this.recall = recall;
        this.store = store;
        this.seams = seams;
    }

    /** One message with its right answer. */
    private record Item(String question, String answer) {}

    /** Runs. */
    public static void main(String[] args) throws IOException, InterruptedException {
        var options = options(args);
        var seed = new AtomicLong(Long.parseLong(options.getOrDefault("seed", "1")));
        var seams = new Seams(Clock.systemUTC(), seed::getAndIncrement, () -> Long.toString(seed.getAndIncrement()));
        var scratch = Files.createTempDirectory("jobs");
        var data = Path.of(options.getOrDefault("data", scratch.toString()));
        try (var engine = Engine.open(settings(args[0], options), seams)) {
            var base = new EngineBase(engine);
            var store = new MemoryStore(scratch, seams.clock().instant());
            try (var recall = Recall.open(base, Probes.load(), store, RecallSettings.DEFAULT, data.resolve("recall"))) {
                store.watch(live -> recall.use(MemoryStore.ID, live));
                var job = new ObjectMapper().readTree(Path.of(args[1]).toFile());
                new JobsBench(args, base, recall, store, seams).run(job);
            }
        }
    }

    private static Map<String, String> options(String[] args) {
        var options = new HashMap<String, String>();
        Arrays.stream(args).skip(2).map(arg -> arg.split("=", 2)).forEach(pair -> options.put(pair[0], pair[1]));
        return options;
    }

    private static EngineSettings settings(String model, Map<String, String> options) {
        var usual = EngineSettings.of(Path.of(model));
        return new EngineSettings(
                usual.model(),
                usual.device(),
                usual.dtype(),
                Integer.parseInt(options.getOrDefault("threads", Integer.toString(usual.threads()))),
                usual.maxRows(),
                usual.queueLimit(),
                usual.prefillTokens(),
                usual.cacheBytes(),
                usual.adapterBytes(),
                usual.prefixCacheBytes(),
                EngineSettings.LearningDtype.valueOf(options.getOrDefault("learning", "FP32")));
    }

    private void run(JsonNode job) throws InterruptedException {
        int lessons = Integer.parseInt(options.getOrDefault("lessons", "24"));
        var taught = items(job, "taught").subList(0, lessons);
        var unseen = lessons == 1 ? taught : items(job, "unseen");
        var general = Probes.load().exam().stream()
                .limit(GENERAL)
                .map(probe -> new Item(probe, ""))
                .toList();
        var near = job.has("near") ? items(job, "near") : List.<Item>of();
        recall.settle();
        if (options.containsKey("gate")) {
            taught.forEach(item -> recall.add(
                    store.teach(item.question(), item.answer(), seams.clock().instant())));
            recall.settle();
            tellGate(Map.of("taught", taught, "unseen", unseen, "near", near, "general", general));
            return;
        }
        say("before", right(unseen, ask(unseen, null)), System.nanoTime());
        var generalBefore = ask(general, null);
        var nearBefore = ask(near, null);
        long start = System.nanoTime();
        try (var studies = Studies.open(
                base,
                Probes.load(),
                store,
                recall,
                StudyPlan.DEFAULT.shaped(16, Double.parseDouble(options.getOrDefault("from", "0.4"))),
                RivalPlan.DEFAULT,
                StudyStart.DEFAULT,
                ExamPlan.DEFAULT,
                Examiners.NONE,
                seams,
                step -> {
                    if (step.step() % 10 == 9) {
                        out.println(seconds(start) + " s " + step);
                    }
                })) {
            for (var item : taught) {
                recall.add(store.teach(
                        item.question(), item.answer(), seams.clock().instant()));
                studies.lessonGiven(MemoryStore.ID);
                Thread.sleep(Long.parseLong(options.getOrDefault("pause_ms", "0")));
            }
            recall.settle();
            if (!options.containsKey("pause_ms")) {
                say("recall at once, while it studies", right(unseen, ask(unseen, RecallWish.all())), start);
            }
            while (store.states().stream().anyMatch(s -> s != LessonState.LIVE && s != LessonState.PARKED)) {
                Thread.sleep(100);
            }
        }
        out.println("learnt in " + seconds(start) + " s, checkpoint "
                + (store.live(MemoryStore.ID) == null
                        ? "none"
                        : store.live(MemoryStore.ID).number() + " with "
                                + store.live(MemoryStore.ID).fit()));
        store.exams()
                .forEach(exam ->
                        out.println(exam.get("verdict") + " " + exam.get("figures") + " " + exam.get("criteria")));
        store.drafts()
                .forEach(draft -> out.println("steps " + draft.plan().get("steps") + " tokens "
                        + draft.plan().get("tokens")));
        recall.settle();
        say("weights alone, as taught", right(taught, ask(taught, RecallWish.gateOnly())), start);
        say("weights alone", right(unseen, ask(unseen, RecallWish.gateOnly())), start);
        say("both", right(unseen, ask(unseen, RecallWish.all())), start);
        say("general answers unchanged", same(generalBefore, ask(general, RecallWish.all())), start);
        say("near answers unchanged", same(nearBefore, ask(near, RecallWish.all())), start);
    }

    private void tellGate(Map<String, List<Item>> parts) {
        parts.forEach((name, items) -> {
            var likeness = new ArrayList<String>();
            long open = items.stream()
                    .filter(item -> {
                        var messages = List.of(ChatMessage.of("user", item.question()));
                        var found = recall.recall(MemoryStore.ID, messages, List.of(), RecallWish.gateOnly());
                        likeness.add(item.question() + " " + found.likeness());
                        return found.familiar();
                    })
                    .count();
            out.println(name + ": let through " + open + " of " + items.size());
            likeness.stream().limit(options.containsKey("verbose") ? 40 : 4).forEach(out::println);
        });
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

    private List<String> ask(List<Item> items, @Nullable RecallWish wish) throws InterruptedException {
        var live = store.live(MemoryStore.ID);
        var requests = new ArrayList<GenerationRequest>();
        int familiar = 0;
        for (var item : items) {
            var messages = List.of(ChatMessage.of("user", item.question()));
            var request = GenerationRequest.of(base.prompt(messages), SamplingParams.greedy(ANSWER_TOKENS));
            if (wish != null) {
                var found = recall.recall(MemoryStore.ID, messages, List.of(), wish);
                familiar += found.familiar() ? 1 : 0;
                request = GenerationRequest.of(
                                base.prompt(Conversation.with(found.examples(), messages)),
                                SamplingParams.greedy(ANSWER_TOKENS))
                        .guided(found.guide())
                        .by(found.familiar() && live != null ? live.adapter() : null);
            }
            requests.add(request);
        }
        out.println("familiar " + familiar + " of " + items.size());
        return Questions.ask(base, requests).stream()
                .map(answer -> answer.text())
                .toList();
    }

    private static double right(List<Item> items, List<String> answers) {
        int right = 0;
        for (int i = 0; i < items.size(); i++) {
            right += Right.holds(Match.EXACT, answers.get(i), items.get(i).answer()) ? 1 : 0;
        }
        return right / (double) items.size();
    }

    private static double same(List<String> before, List<String> after) {
        int same = 0;
        for (int i = 0; i < before.size(); i++) {
            same += before.get(i).equals(after.get(i)) ? 1 : 0;
        }
        return same / (double) Math.max(1, before.size());
    }

    private void say(String what, double share, long start) {
        out.printf(Locale.ROOT, "RESULT %s: %.3f after %s s%n", what, share, seconds(start));
    }

    private static String seconds(long start) {
        return String.format(
                Locale.ROOT, "%.1f", Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0);
    }
}
