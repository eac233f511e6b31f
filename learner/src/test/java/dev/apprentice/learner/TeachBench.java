package dev.apprentice.learner;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.InstancePatch;
import dev.apprentice.learner.lesson.Feedback;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an example costs that is taught while thousands wait to be studied: run it from the learner's folder, with the
 * number of lessons as its argument. On a tiny random model, one teacher who waits for each acknowledgement.
 */
public final class TeachBench {
    private static final int BLOCK = 1000;

    private TeachBench() {}

    /** Teaches and prints the cost of each thousand lessons: by the clock, and of that the learner thread's. */
    public static void main(String... args) throws IOException {
        int lessons = args.length == 0 ? 6 * BLOCK : Integer.parseInt(args[0]);
        try (var tiny = new TinyLearner(Files.createTempDirectory("teach-bench"))) {
            var learner = tiny.learner();
            learner.instances()
                    .patch("apprentice", new InstancePatch(null, null, Map.of("min_lessons_to_study", 1_000_000)));
            for (int taught = 0; taught < lessons; taught += BLOCK) {
                long began = System.nanoTime();
                var busy = learnerThread();
                for (int i = taught; i < taught + BLOCK; i++) {
                    var asked = ChatMessage.of("user", "Which desk handles message number " + i + " of today?");
                    learner.lessons()
                            .give(
                                    new Feedback.Example("apprentice", List.of(asked), "Desk " + i, "ann"),
                                    null,
                                    "local");
                }
                var took = Duration.ofNanos(System.nanoTime() - began).dividedBy(BLOCK);
                var own = learnerThread().minus(busy).dividedBy(BLOCK);
                System.out.printf(
                        "%d lessons: %d µs each, of which the learner thread %d%n",
                        taught + BLOCK, took.toNanos() / 1000, own.toNanos() / 1000);
            }
        }
    }

    private static Duration learnerThread() {
        var threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread -> thread.getThreadName().equals("learner"))
                .map(thread -> Duration.ofNanos(threads.getThreadCpuTime(thread.getThreadId())))
                .findFirst()
                .orElse(Duration.ZERO);
    }
}
