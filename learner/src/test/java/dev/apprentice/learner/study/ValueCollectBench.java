package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.EngineBase;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.base.Questions;
import dev.apprentice.learner.instance.Match;
import dev.apprentice.learner.lesson.Right;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.recall.RecallSettings;
import dev.apprentice.learner.recall.RecallWish;
import dev.apprentice.learner.recall.Recalled;
import dev.apprentice.learner.value.Traits;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks an instance that was taught a part of a job many worded-anew messages of it, judges the answers and keeps what
 * the value function sees of each: {@code ValueCollectBench MODEL JOB.json OUT seed lessons count DATA}.
 *
 * <p>Format of OUT, big-endian: count of traits, then per answer: int group (which message it was made of), int whether
 * it was right, floats.
 */
public final class ValueCollectBench {
    private static final int ANSWER_TOKENS = 8;
    private static final int AT_ONCE = 64;
    private static final List<String> BEFORE = List.of(
            "Hello, ", "Good morning. ", "Dear team, ", "Hi there! ", "Sorry to bother you, but ", "Second try: ", "");
    private static final List<String> AFTER = List.of(
            " Thanks in advance.", " Please help.", " Regards, Ann", " It is urgent.", " I wait for your answer.", "");

    private ValueCollectBench() {}

    private record Item(String message, String answer) {}

    /** Runs. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int seed = Integer.parseInt(args[3]);
        int lessons = Integer.parseInt(args[4]);
        int count = Integer.parseInt(args[5]);
        var ids = new AtomicLong(seed);
        var seams = new Seams(Clock.systemUTC(), ids::getAndIncrement, () -> Long.toString(ids.getAndIncrement()));
        PrintStream out = System.out;
        var random = new Random(seed);
        var job = new ObjectMapper().readTree(Path.of(args[1]).toFile());
        var taught = new ArrayList<Item>();
        var all = new ArrayList<Item>();
        job.get("taught")
                .forEach(item -> taught.add(new Item(
                        item.get("message").asText(), item.get("answer").asText())));
        job.get("unseen")
                .forEach(item -> all.add(new Item(
                        item.get("message").asText(), item.get("answer").asText())));
        Collections.shuffle(taught, random);
        var prompt = job.get("prompt").asText();
        try (var engine = Engine.open(settings(args[0]), seams)) {
            var base = new EngineBase(engine);
            int layers = base.layers();
            var watched = List.of((int) Math.round(.37 * layers), (int) Math.round(.7 * layers), layers);
            var store = new MemoryStore(
                    Files.createTempDirectory("value"), seams.clock().instant());
            try (var recall = Recall.open(base, Probes.load(), store, RecallSettings.DEFAULT, Path.of(args[6]));
                    var file =
                            new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(Path.of(args[2]))))) {
                for (var item : taught.subList(0, lessons)) {
                    recall.add(store.teach(
                            prompt.replace("{}", item.message()),
                            item.answer(),
                            seams.clock().instant()));
                }
                recall.settle();
                int right = 0;
                for (int done = 0; done < count; done += AT_ONCE) {
                    var items = new ArrayList<Integer>();
                    var found = new ArrayList<Recalled>();
                    var requests = new ArrayList<GenerationRequest>();
                    for (int i = 0; i < Math.min(AT_ONCE, count - done); i++) {
                        int which = random.nextInt(all.size());
                        var messages =
                                List.of(ChatMessage.of("user", prompt.replace("{}", worded(all, which, random))));
                        var recalled = recall.recall(MemoryStore.ID, messages, List.of(), RecallWish.all());
                        items.add(which);
                        found.add(recalled);
                        requests.add(GenerationRequest.of(
                                        base.prompt(Conversation.with(recalled.examples(), messages)),
                                        SamplingParams.greedy(ANSWER_TOKENS))
                                .guided(recalled.guide())
                                .sharedWithin("job")
                                .watching(watched));
                    }
                    var answers = Questions.ask(base, requests);
                    for (int i = 0; i < answers.size(); i++) {
                        var traits = Traits.of(answers.get(i), found.get(i), false, List.of(Traits.State.values()))
                                .values();
                        boolean ok = Right.holds(
                                Match.EXACT,
                                answers.get(i).text(),
                                all.get(items.get(i)).answer());
                        right += ok ? 1 : 0;
                        if (done + i == 0) {
                            file.writeInt(traits.length);
                        }
                        file.writeInt(items.get(i));
                        file.writeInt(ok ? 1 : 0);
                        for (float value : traits) {
                            file.writeFloat(value);
                        }
                    }
                    file.flush();
                    out.println(seed + ": " + (done + answers.size()) + " right " + right);
                }
            }
        }
    }

    /** One thread: others measure beside it. */
    private static EngineSettings settings(String model) {
        var usual = EngineSettings.of(Path.of(model));
        return new EngineSettings(
                usual.model(),
                usual.device(),
                usual.dtype(),
                1,
                usual.maxRows(),
                usual.queueLimit(),
                usual.prefillTokens(),
                usual.cacheBytes(),
                usual.adapterBytes(),
                usual.prefixCacheBytes());
    }

    /** A message in other words: begun and ended otherwise, words left out, another message after it. */
    private static String worded(List<Item> all, int which, Random random) {
        var words = new ArrayList<String>();
        double drop = random.nextDouble() * .4;
        for (var word : all.get(which).message().split(" ", -1)) {
            if (random.nextDouble() >= drop || word.length() > 20) {
                words.add(word);
            }
        }
        var text = words.isEmpty() ? all.get(which).message() : String.join(" ", words);
        if (random.nextInt(5) == 0) {
            text += " By the way: " + all.get(random.nextInt(all.size())).message();
        }
        return BEFORE.get(random.nextInt(BEFORE.size())) + text + AFTER.get(random.nextInt(AFTER.size()));
    }
}
