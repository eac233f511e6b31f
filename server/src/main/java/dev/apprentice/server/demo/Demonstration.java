package dev.apprentice.server.demo;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Plays a person who teaches a job: asks, corrects, waits until it is learnt, asks about what was never taught. */
public final class Demonstration {
    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /** Questions that have nothing to do with any job. */
    private static final List<String> GENERAL = List.of(
            "What is the capital of France?",
            "Name three colours.",
            "Write a sentence about the sea.",
            "What is two plus three?",
            "Who wrote Romeo and Juliet?",
            "Give me a word that rhymes with cat.",
            "What do bees make?",
            "How many days has a week?",
            "Translate 'good morning' into French.",
            "Which animal barks?");

    private final URI server;
    private final Clock clock;
    private final Consumer<String> say;

    /**
     * A demonstration on a running server.
     *
     * @param say takes one line of progress at a time
     */
    public Demonstration(URI server, Clock clock, Consumer<String> say) {
        this.server = server;
        this.clock = clock;
        this.say = say;
    }

    /** The jobs there are. */
    public static List<String> jobs() {
        return Job.NAMES;
    }

    /**
     * Teaches the job called {@code name} to a new instance and returns what was measured.
     *
     * @param suffix makes the new instance's name unique
     */
    public Outcome play(String name, String suffix) throws InterruptedException {
        return play(name, suffix, Integer.MAX_VALUE);
    }

    /** The same, asking about at most {@code unseenMax} unseen messages each time, evenly spread over all there are. */
    public Outcome play(String name, String suffix, int unseenMax) throws InterruptedException {
        var job = Job.named(name).asking(unseenMax);
        var instance = "demo-" + name + "-" + suffix;
        try (var client = new Client(server)) {
            say.accept("Job: " + job.title() + " (instance " + instance + ")");
            client.create(instance, job.match());
            var growth = new Run(job, instance, client).run();
            return new Outcome(growth, GrowthChart.of(growth));
        }
    }

    /**
     * What was measured.
     *
     * @param growth as figures
     * @param chart drawn for a terminal
     */
    public record Outcome(Growth growth, List<String> chart) {
        /** Keeps an unmodifiable copy of {@code chart}. */
        public Outcome {
            chart = List.copyOf(chart);
        }
    }

    private final class Run {
        private final Job job;
        private final String instance;
        private final Client client;

        Run(Job job, String instance, Client client) {
            this.job = job;
            this.instance = instance;
            this.client = client;
        }

        Growth run() throws InterruptedException {
            double before = unseen(instance, Client.Speaks.BOTH, "before");
            var generalBefore = general();
            long began = clock.millis();
            var asked = teach();
            long taught = clock.millis();
            double recall = unseen(instance, Client.Speaks.RECALL, "recall, at once");
            learn(taught);
            long learnt = clock.millis();
            double weights = unseen(instance, Client.Speaks.WEIGHTS, "weights alone");
            double both = unseen(instance, Client.Speaks.BOTH, "both");
            int unchanged = same(generalBefore, general());
            return new Growth(
                    job.name(),
                    before,
                    asked,
                    recall,
                    weights,
                    both,
                    GENERAL.size(),
                    unchanged,
                    taught - began,
                    learnt - taught);
        }

        private List<Boolean> teach() throws InterruptedException {
            var asked = new ArrayList<Boolean>();
            for (var task : job.taught()) {
                var said = client.ask(instance, job.question(task), Client.Speaks.BOTH);
                boolean right = job.right(task, said.text());
                client.correct(said.id(), task.answer());
                asked.add(right);
                say.accept("  " + (right ? "right " : "wrong ") + shortened(task.message()) + " → "
                        + shortened(said.text()) + (right ? "" : "  (" + task.answer() + ")"));
            }
            return asked;
        }

        /** Waits until every lesson is in the live weights. */
        private void learn(long since) throws InterruptedException {
            client.study(instance);
            int all = job.taught().size();
            var until = clock.instant().plus(PATIENCE);
            int seen = -1;
            while (true) {
                int live = client.lessons(instance, "live");
                int given = live + client.lessons(instance, "parked");
                if (live != seen) {
                    seen = live;
                    say.accept("  " + live + " of " + all + " lessons are in the weights after "
                            + (clock.millis() - since) / 1000 + " s (checkpoint " + client.liveCheckpoint(instance)
                            + ")");
                }
                if (given == all) {
                    return;
                }
                if (clock.instant().isAfter(until)) {
                    throw new FailedException(
                            "demo_not_learnt",
                            "only " + live + " of " + all + " lessons were learnt in " + PATIENCE.toMinutes()
                                    + " minutes; see GET /v1/instances/" + instance + "/report",
                            Fault.NONE);
                }
                pause();
            }
        }

        private double unseen(String model, Client.Speaks speaks, String what) throws InterruptedException {
            var said = all(job.unseen().stream().map(job::question).toList(), model, speaks);
            int right = 0;
            for (int i = 0; i < said.size(); i++) {
                right += job.right(job.unseen().get(i), said.get(i)) ? 1 : 0;
            }
            say.accept("  unseen messages, " + what + ": " + right + " of " + said.size() + " right");
            return right / (double) said.size();
        }

        private List<String> general() throws InterruptedException {
            return all(GENERAL, instance, Client.Speaks.BOTH);
        }

        private List<String> all(List<String> questions, String model, Client.Speaks speaks)
                throws InterruptedException {
            var answers = new ArrayList<Future<String>>();
            var places = new java.util.concurrent.Semaphore(AT_ONCE);
            try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var question : questions) {
                    answers.add(askers.submit(() -> {
                        places.acquire();
                        try {
                            return client.ask(model, question, speaks).text();
                        } finally {
                            places.release();
                        }
                    }));
                }
                var texts = new ArrayList<String>();
                for (var answer : answers) {
                    texts.add(answer.get());
                }
                return texts;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new FailedException("demo_failed", "a question failed", Fault.NONE, e.getCause());
            }
        }
    }

    private static int same(List<String> before, List<String> after) {
        int same = 0;
        for (int i = 0; i < before.size(); i++) {
            same += before.get(i).equals(after.get(i)) ? 1 : 0;
        }
        return same;
    }

    private static void pause() throws InterruptedException {
        var timer = new java.util.concurrent.CountDownLatch(1);
        var _ = timer.await(LOOK_EVERY.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    private static String shortened(String text) {
        var line = text.replace('\n', ' ');
        return line.length() <= 60 ? line : line.substring(0, 59) + "…";
    }
}
