package dev.apprentice.server.bench.job;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.Extras;
import dev.apprentice.learner.Learner;
import dev.apprentice.learner.Question;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.study.StudyStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Clients that stream answers of one learner that knows some lessons, first with nothing else to do, then while a study
 * of more runs. In the closed loop four clients ask again when they are answered; in the open loop questions are due at
 * half the rate that was reached so, and wait from then. A window ends when the study does.
 */
final class Timing {
    /** How many studies may be needed, the one before all measurements too; each is taught its own lessons. */
    static final int STUDIES_MAX = 4;

    private static final int CLIENTS = 4;
    private static final int TOKENS = 32;
    private static final double OPEN_SHARE = 0.5;
    private static final double NANOS = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Duration STARTS = Duration.ofMinutes(2);
    private static final Duration ENDS = Duration.ofHours(1);

    private final Learner learner;
    private final String instance;
    private final Extras extras;
    private final List<Task> lessons;
    private final Duration window;
    private final AtomicInteger asked = new AtomicInteger();
    private int taught;

    /** Over {@code instance}; {@code lessons} are taught in {@value #STUDIES_MAX} parts, one before each study. */
    Timing(Learner learner, String instance, Extras extras, List<Task> lessons, Duration window) {
        this.learner = learner;
        this.instance = instance;
        this.extras = extras;
        this.lessons = lessons;
        this.window = window;
    }

    /** What one window saw; thread-safe. */
    private static final class Seen {
        private final List<Double> firsts = Collections.synchronizedList(new ArrayList<>());
        private final List<Double> gaps = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger dropped = new AtomicInteger();
        private double seconds;

        double perSecond() {
            return firsts.size() / seconds;
        }
    }

    Map<String, Double> figures() throws InterruptedException {
        var always = (BooleanSupplier) () -> true;
        studying();
        var _ = House.until(() -> learner.settled(instance), ENDS); // with lessons a request is looked at and gated
        closed(always); // warms up
        var closedIdle = closed(always);
        double rate = Math.max(0.1, OPEN_SHARE * closedIdle.perSecond());
        var openIdle = open(rate, always);
        studying();
        double alone = speed(() -> House.until(() -> !inStudy(), window));
        studying();
        var closedStudy = new ArrayList<Seen>();
        double beside = speed(() -> closedStudy.add(closed(this::inStudy)));
        studying();
        var openStudy = open(rate, this::inStudy);
        var _ = House.until(() -> learner.settled(instance), ENDS);
        var figures = new LinkedHashMap<String, Double>();
        tell(figures, "closed", closedIdle, closedStudy.getFirst());
        tell(figures, "open", openIdle, openStudy);
        figures.put("dropped", (double) (closedStudy.getFirst().dropped.get() + openStudy.dropped.get()));
        if (alone > 0 && beside > 0) {
            figures.put("study_speed_share", beside / alone);
        }
        return figures;
    }

    private static void tell(Map<String, Double> figures, String loop, Seen idle, Seen study) {
        tell(figures, loop + "_first", idle.firsts, study.firsts);
        tell(figures, loop + "_gap", idle.gaps, study.gaps);
    }

    private static void tell(Map<String, Double> figures, String what, List<Double> idle, List<Double> study) {
        if (idle.isEmpty() || study.isEmpty()) {
            return;
        }
        for (int percent : List.of(50, 95)) {
            double before = at(idle, percent);
            figures.put(what + "_p" + percent + "_idle_ms", before);
            figures.put(what + "_p" + percent + "_ratio", at(study, percent) / before);
        }
    }

    private static double at(List<Double> values, int percent) {
        var sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(percent / 100.0 * sorted.size()) - 1));
    }

    private Seen closed(BooleanSupplier goesOn) throws InterruptedException {
        var seen = new Seen();
        long began = System.nanoTime();
        long end = began + window.toNanos();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                work.add(people.submit(() -> {
                    do {
                        stream(System.nanoTime(), seen);
                    } while (System.nanoTime() < end && goesOn.getAsBoolean());
                    return true;
                }));
            }
            await(work);
        }
        seen.seconds = (System.nanoTime() - began) / NANOS;
        return seen;
    }

    private Seen open(double rate, BooleanSupplier goesOn) throws InterruptedException {
        var seen = new Seen();
        long began = System.nanoTime();
        long end = began + window.toNanos();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = new ArrayList<Future<?>>();
            long due = began;
            do {
                var _ = new CountDownLatch(1).await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
                long from = due;
                work.add(people.submit(() -> {
                    stream(from, seen);
                    return true;
                }));
                due += (long) (NANOS / rate);
            } while (due < end && goesOn.getAsBoolean());
            await(work);
        }
        seen.seconds = (System.nanoTime() - began) / NANOS;
        return seen;
    }

    private static void await(List<Future<?>> work) throws InterruptedException {
        try {
            for (var one : work) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed", e.getCause());
        }
    }

    /** One answer; waits count from {@code due}. */
    private void stream(long due, Seen seen) throws InterruptedException {
        var text = "Case " + asked.incrementAndGet() + ": which desk handles a form without a date?";
        var question = new Question(
                List.of(ChatMessage.of("user", text)),
                List.of(),
                new Constraint.None(),
                SamplingParams.exactly(TOKENS),
                TOKENS,
                extras,
                null,
                null,
                "chatcmpl-");
        try (var answer = learner.agent(instance).ask(question)) {
            long before = due;
            boolean first = true;
            while (true) {
                switch (answer.next()) {
                    case GenerationEvent.Scored _ -> {}
                    case GenerationEvent.Delta delta -> {
                        if (!delta.tokens().isEmpty()) {
                            long now = System.nanoTime();
                            (first ? seen.firsts : seen.gaps).add((now - before) / NANOS_PER_MILLI);
                            first = false;
                            before = now;
                        }
                    }
                    case GenerationEvent.Finished _ -> {
                        return;
                    }
                    case GenerationEvent.Failed failed -> throw failed.error();
                }
            }
        } catch (ApprenticeException e) {
            seen.dropped.incrementAndGet();
        }
    }

    private boolean inStudy() {
        return learner.studying(instance).phase() == StudyStatus.Phase.STUDYING;
    }

    /** Sees to it that a study has begun and is not about to end. */
    private void studying() throws InterruptedException {
        var status = learner.studying(instance);
        if (inStudy() && status.step() < status.steps() / 2) {
            return;
        }
        var _ = House.until(() -> learner.settled(instance), ENDS);
        int part = lessons.size() / STUDIES_MAX;
        for (var task : lessons.subList(taught, Math.min(taught + part, lessons.size()))) {
            var messages = List.of(ChatMessage.of("user", task.question()));
            var _ = learner.lessons()
                    .give(new Feedback.Example(instance, messages, task.answer(), "teacher"), null, "x");
        }
        taught += part;
        learner.study(instance);
        var _ = House.until(
                () -> learner.settled(instance)
                        || (inStudy() && learner.studying(instance).step() > 0),
                STARTS);
    }

    /** Something that takes its time. */
    @FunctionalInterface
    private interface Load {
        void carry() throws InterruptedException;
    }

    /** Steps of the study a second while {@code load} goes on, or until the study ends. */
    private double speed(Load load) throws InterruptedException {
        var steps = new Steps();
        try (var watch = Executors.newVirtualThreadPerTaskExecutor()) {
            var over = new CountDownLatch(1);
            var watching = watch.submit(() -> {
                while (!over.await(1, TimeUnit.MILLISECONDS)) {
                    var status = learner.studying(instance);
                    if (status.phase() == StudyStatus.Phase.STUDYING) {
                        steps.saw(status.step());
                    }
                }
                return true;
            });
            try {
                load.carry();
            } finally {
                over.countDown();
            }
            await(List.of(watching));
        }
        return steps.perSecond();
    }

    /** When which step of a study began, as far as somebody looked. */
    private static final class Steps {
        private int first = -1;
        private int last = -1;
        private long firstNanos;
        private long lastNanos;

        void saw(int step) {
            if (step > last) {
                last = step;
                lastNanos = System.nanoTime();
                if (first < 0) {
                    first = step;
                    firstNanos = lastNanos;
                }
            }
        }

        double perSecond() {
            return last > first ? (last - first) * NANOS / (lastNanos - firstNanos) : 0;
        }
    }
}
