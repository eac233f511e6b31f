package dev.apprentice.server.bench;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.learner.study.StudyStatus;
import dev.apprentice.server.Apprentice;
import dev.apprentice.server.http.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What {@link LongBench} does in each round, and what it saw after. */
final class LongRun {
    private static final String SWAPPED = "swapped";
    private static final String PUPIL = "pupil";
    private static final int ANSWER = 24;
    private static final int FAR_TOO_LONG = 9000;
    private static final int LINES_SEEN = 8;
    private static final int SUBJECTS = 997;
    private static final int REFUSED = 400;
    private static final long LOOK_MS = 20;
    private static final long QUIET_MS = 1000;
    private static final double NANOS = 1e9;

    private final LongPlan plan;
    private final Apprentice server;
    private final LongClient client;
    private final Studying studying;
    private final long began = System.nanoTime();
    private final AtomicLong subject = new AtomicLong();
    private final Map<String, AtomicLong> done = new LinkedHashMap<>();
    private final List<Double> seconds = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final List<Map<String, Object>> rows = new ArrayList<>();

    /** Makes two instances: one that goes to and fro between two checkpoints, one that is taught. */
    LongRun(LongPlan plan, Apprentice server, Path folder) throws IOException, InterruptedException {
        this.plan = plan;
        this.server = server;
        client = new LongClient(server.port());
        var engine = server.engine();
        studying = new Studying(plan.studyRows(), plan.studyTokens(), engine, new Streams(engine, Seams.random(1)));
        create(SWAPPED, 1_000_000);
        create(PUPIL, Math.max(1, plan.lessons()));
        for (var adapter : studying.adapters(2, folder)) {
            var zip = PeftFolder.zip(
                    PeftFolder.read(adapter.folder(), engine.base().config()),
                    engine.base().name());
            client.taken("/v1/instances/" + SWAPPED + "/checkpoints", "application/zip", zip);
        }
    }

    private void create(String instance, int lessonsToStudy) throws IOException, InterruptedException {
        var body = Wire.object().put("id", instance);
        body.putObject("policy").put("min_lessons_to_study", lessonsToStudy);
        client.taken("/v1/instances", Wire.bytes(body));
    }

    /** One kind of work, again and again. */
    @FunctionalInterface
    private interface Work {
        void once(long subject) throws IOException, InterruptedException;
    }

    /** Everybody works for the length of a round; then everybody rests, and what is held is noted. */
    void round(int number) throws IOException, InterruptedException {
        teach();
        long end = System.nanoTime() + plan.round().toNanos();
        try (var people = Executors.newVirtualThreadPerTaskExecutor();
                var study = studying.beside()) {
            var work = new ArrayList<Future<?>>();
            for (int i = 0; i < plan.streams(); i++) {
                var model = i % 2 == 0 ? SWAPPED : PUPIL;
                work.add(again("answers", people, end, about -> client.stream(model, question(about), ANSWER)));
            }
            for (int i = 0; i < plan.leavers(); i++) {
                work.add(again(
                        "left", people, end, about -> client.leave("base", question(about), SUBJECTS, LINES_SEEN)));
            }
            work.add(again("refused", people, end, this::tooLong));
            work.add(again("swaps", people, end, this::swap));
            for (var one : work) {
                one.get();
            }
            done.computeIfAbsent("trained_tokens", _ -> new AtomicLong()).addAndGet(study.tokensOfSteps());
        } catch (ExecutionException e) {
            throw new IOException("round " + number + " failed", e.getCause());
        }
        rest();
        look(number);
    }

    private Future<?> again(String kind, ExecutorService people, long end, Work work) {
        var count = done.computeIfAbsent(kind, _ -> new AtomicLong());
        Callable<Boolean> task = () -> {
            do {
                work.once(subject.incrementAndGet() % SUBJECTS);
                count.incrementAndGet();
            } while (System.nanoTime() < end);
            return true;
        };
        return people.submit(task);
    }

    private static String question(long about) {
        return "Who takes care of case " + about + ", and what has to be written into its file?";
    }

    private void tooLong(long about) throws IOException, InterruptedException {
        var body = Wire.object().put("model", "base").put("prompt", "case " + about + " word".repeat(FAR_TOO_LONG));
        client.refused("/v1/completions", Wire.bytes(body), REFUSED);
        pause();
    }

    private void swap(long about) throws IOException, InterruptedException {
        client.taken("/v1/instances/" + SWAPPED + "/checkpoints/" + (1 + about % 2) + "/promote", Wire.bytes(Map.of()));
        client.stream(SWAPPED, question(about), 2);
        pause();
    }

    private void teach() throws IOException, InterruptedException {
        for (int lesson = 0; lesson < plan.lessons(); lesson++) {
            client.taken("/v1/feedback", Feedbacks.example(PUPIL, "case " + subject.incrementAndGet()));
        }
    }

    private static void pause() throws InterruptedException {
        var _ = new CountDownLatch(1).await(LOOK_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Waits until nobody is answered and nothing is studied or looked at, for a moment in which that might have begun.
     */
    private void rest() throws InterruptedException {
        long quietSince = System.nanoTime();
        long arrays = 0;
        while (System.nanoTime() - quietSince < QUIET_MS * NANOS / 1000) {
            var stats = server.engine().stats();
            boolean busy = stats.running() + stats.waiting() > 0
                    || server.learner().studying(PUPIL).phase() != StudyStatus.Phase.RESTING
                    || stats.arrays() != arrays; // who looks at a text has some for as long
            arrays = stats.arrays();
            if (busy) {
                quietSince = System.nanoTime();
            }
            pause();
        }
    }

    private void look(int number) throws IOException {
        var now = Held.by(server.engine());
        seconds.add((System.nanoTime() - began) / NANOS);
        held.add(now);
        var row = new LinkedHashMap<String, Object>();
        row.put("round", number);
        row.put("seconds", seconds.getLast());
        done.forEach((kind, count) -> row.put(kind, (double) count.get()));
        row.put("studies", (double) server.learner().checkpoints().list(PUPIL).size());
        row.put("resident_mib", now.residentMib());
        row.put("native_mib", now.nativeMib());
        row.put("scopes", (double) now.scopes());
        row.put("arrays", (double) now.arrays());
        rows.add(row);
    }

    /** Each round, and how memory went over the later two thirds of them. */
    List<Table> tables() {
        int from = held.size() / 3;
        var slope = Slope.through(
                seconds.subList(from, seconds.size()),
                held.subList(from, held.size()).stream().map(Held::nativeMib).toList());
        var drift = new LinkedHashMap<String, Object>();
        drift.put("native_mib_per_hour", slope.perHour());
        drift.put("one_sigma", slope.error());
        drift.put("arrays_more_than_at_first", (double)
                (held.getLast().arrays() - held.getFirst().arrays()));
        drift.put("scopes_more_than_at_first", (double)
                (held.getLast().scopes() - held.getFirst().scopes()));
        return List.of(
                new Table("rounds", "After each round, when everybody rests (counts since the start)", rows),
                new Table("drift", "Over the later two thirds of the rounds", List.of(drift)));
    }
}
