package dev.apprentice.server.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.NotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A made-up job: tasks that are taught, tasks that are only asked.
 *
 * @param name its file's name
 * @param title what it is about
 * @param prompt the question, with {@code {}} where a task's message goes
 * @param match when an answer is right, as the policy field of the same name says
 * @param taught tasks that are asked and corrected
 * @param unseen tasks that are only asked
 */
record Job(String name, String title, String prompt, String match, List<Task> taught, List<Task> unseen) {
    /** All jobs that come with the program. */
    static final List<String> NAMES = List.of("clerk", "orders");

    /** A customer's message and the answer that is right for it. */
    record Task(String message, String answer) {}

    Job {
        taught = List.copyOf(taught);
        unseen = List.copyOf(unseen);
    }

    /** The job of this name. */
    static Job named(String name) {
        try (var in = Job.class.getResourceAsStream("/dev/apprentice/learner/jobs/" + name + ".json")) {
            if (in == null || !NAMES.contains(name)) {
                throw new NotFoundException(
                        "job_not_found", "no job is called " + name, Fault.of("job", String.join(", ", NAMES), name));
            }
            var tree = Json.strict().readTree(in);
            return new Job(
                    name,
                    tree.path("title").asText(),
                    tree.path("prompt").asText(),
                    tree.path("match").asText(),
                    tasks(tree.path("taught")),
                    tasks(tree.path("unseen")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same job with at most {@code most} unseen tasks, evenly spread over all. */
    Job asking(int most) {
        int all = unseen.size();
        var some = IntStream.range(0, Math.min(most, all))
                .mapToObj(i -> unseen.get(i * all / Math.min(most, all)))
                .toList();
        return new Job(name, title, prompt, match, taught, some);
    }

    private static List<Task> tasks(JsonNode list) {
        var tasks = new ArrayList<Task>();
        list.forEach(task -> tasks.add(
                new Task(task.path("message").asText(), task.path("answer").asText())));
        return tasks;
    }

    /** The question about one task's message. */
    String question(Task task) {
        return prompt.replace("{}", task.message());
    }

    /** Whether {@code said} is a right answer to {@code task}. */
    boolean right(Task task, String said) {
        var wanted = plain(task.answer());
        return match.equals("contains")
                ? plain(said).contains(wanted)
                : plain(said).equals(wanted);
    }

    private static String plain(String text) {
        var words = Normalizer.normalize(text, Normalizer.Form.NFC).strip().toLowerCase(Locale.ROOT);
        return words.replaceAll("\\s+", " ").replaceAll("[.!?]+$", "");
    }
}
