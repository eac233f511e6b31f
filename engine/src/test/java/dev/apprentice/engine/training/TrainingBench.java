package dev.apprentice.engine.training;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.decoder.LearningKernel;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.sampling.SamplingParams;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * How fast a base learns, alone and beside a stream: {@code TrainingBench MODEL alone|beside|plan|steps [rounds=5]
 * [threads=2]}. Prints tokens per second of the clock and of the processor for steps of 1, 2, 4 and 8 rows, in
 * interleaved rounds; or a stream's milliseconds between tokens without and with a student, and how many tokens the
 * student read meanwhile. {@code plan} is what peers are measured by: 16 rows of 96 tokens, the same in each step, loss
 * on the last four, by each kernel, on all layers and on the upper 60 %, without and with the frozen layers' states
 * kept. {@code steps} reads the steps of a study from a file (JSON: for each step its rows, each {@code {"tokens":[…],
 * "answer":N}} with as many tokens of answer at its end) and tells the tokens per second of the clock, from layer 12 of
 * 30 on.
 */
public final class TrainingBench {
    private static final List<Integer> ROWS = List.of(1, 2, 4, 8);
    private static final int TOKENS = 48;
    private static final int SPREAD = 16;

    /** How many of them are the same in all rows: what SmolLM2's chats begin with has as many. */
    private static final int SYSTEM = 25;

    private static final int ANSWER = 6;
    private static final int ROWS_OF_A_STEP = 8;
    private static final int ROWS_BESIDE = 2;
    private static final int STREAM = 100;
    private static final int PLAN_ROWS = 16;
    private static final int PLAN_TOKENS = 96;
    private static final int PLAN_ANSWER = 4;

    private final Engine engine;
    private final PrintStream out = System.out;
    private final RandomGenerator random = Seams.random(1);
    private final int[] system = random.ints(SYSTEM, 100, 40_000).toArray();
    private final int layers;

    private TrainingBench(Engine engine) {
        this.engine = engine;
        layers = engine.base().config().layers();
    }

    /** Runs. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        int threads = args.length > 3 ? Integer.parseInt(args[3]) : 2;
        var usual = EngineSettings.of(Path.of(args[0]));
        var settings = new EngineSettings(
                usual.model(),
                usual.device(),
                usual.dtype(),
                threads,
                usual.maxRows(),
                usual.queueLimit(),
                usual.prefillTokens(),
                usual.cacheBytes(),
                usual.adapterBytes(),
                usual.prefixCacheBytes());
        if (args[1].equals("plan")) {
            plan(
                    Path.of(args[0]),
                    rounds,
                    threads,
                    args.length > 4 ? args[4] : "FP32,BF16",
                    args.length > 5 ? Integer.parseInt(args[5]) : PLAN_ROWS);
            return;
        }
        if (args[1].equals("steps")) {
            steps(Path.of(args[0]), Path.of(args[4]), rounds, threads);
            return;
        }
        try (var engine = Engine.open(settings, Seams.real())) {
            var bench = new TrainingBench(engine);
            if (args[1].equals("alone")) {
                bench.alone(rounds);
            } else {
                bench.beside(rounds);
            }
        }
    }

    /** One line for each way to compute the plan, best and median of the rounds. */
    private static void plan(Path model, int rounds, int threads, String kernels, int count)
            throws InterruptedException {
        var random = Seams.random(2);
        var rows = new ArrayList<TrainingRow>();
        for (int r = 0; r < count; r++) {
            var tokens = random.ints(PLAN_TOKENS, 5, 40_000).toArray();
            rows.add(new TrainingRow(tokens, PLAN_TOKENS - PLAN_ANSWER, new Loss.CrossEntropy(1.0 / count)));
        }
        try (var base = BaseModel.open(model);
                var decoder = Decoder.load(base, Kernel.FP32, List.of(), threads)) {
            int layers = base.config().layers();
            for (int from : List.of(0, (int) (0.4 * layers))) {
                for (long kept : from == 0 ? List.of(0L) : List.of(0L, 1L << 26)) {
                    for (var kernel : kernels.split(",", -1)) {
                        var learning = decoder.learning(LearningKernel.valueOf(kernel), kept);
                        learning.start(FreshAdapter.of(new AdapterPlan(16, 32, 0, from, layers), base.config(), 1));
                        try (var student = new NativeStudent(learning, new ComputePermit(), 0, Portions.MOST_TOKENS)) {
                            var costs = new ArrayList<Double>();
                            for (int round = -1; round < rounds; round++) {
                                var worked = worked();
                                student.forwardBackward(rows);
                                student.optimStep(OptimStep.at(1e-4));
                                if (round >= 0) {
                                    costs.add(count
                                            * PLAN_TOKENS
                                            / (worked().minus(worked).toNanos() / 1e9));
                                }
                            }
                            say(
                                    System.out,
                                    kernel + " from layer " + from + (kept == 0 ? "" : ", states kept"),
                                    "tokens/s of one processor",
                                    costs);
                        }
                    }
                }
            }
        }
    }

    private static void steps(Path model, Path file, int rounds, int threads) throws IOException, InterruptedException {
        var steps = new ArrayList<List<TrainingRow>>();
        for (var step : Json.strict().readTree(file.toFile())) {
            var rows = new ArrayList<TrainingRow>();
            for (var row : step) {
                var tokens = new int[row.get("tokens").size()];
                for (int t = 0; t < tokens.length; t++) {
                    tokens[t] = row.get("tokens").get(t).asInt();
                }
                int from = tokens.length - row.get("answer").asInt();
                rows.add(new TrainingRow(tokens, from, new Loss.CrossEntropy(1.0 / step.size())));
            }
            steps.add(rows);
        }
        try (var base = BaseModel.open(model);
                var decoder = Decoder.load(base, Kernel.FP32, List.of(), threads)) {
            int layers = base.config().layers();
            var plan = new AdapterPlan(16, 32, 0.1, (int) (0.4 * layers), layers);
            for (var kernel : LearningKernel.values()) {
                var speeds = new ArrayList<Double>();
                for (int round = 0; round < rounds; round++) {
                    var learning = decoder.learning(kernel, 1L << 26);
                    learning.start(FreshAdapter.of(plan, base.config(), 1));
                    try (var student = new NativeStudent(learning, new ComputePermit(), 0.1, Portions.MOST_TOKENS)) {
                        student.forwardBackward(steps.getFirst());
                        long began = System.nanoTime();
                        for (var step : steps) {
                            student.forwardBackward(step);
                            student.optimStep(OptimStep.at(1e-4));
                        }
                        int tokens =
                                steps.stream().mapToInt(TrainingBench::count).sum();
                        speeds.add(tokens / ((System.nanoTime() - began) / 1e9));
                    }
                }
                say(System.out, kernel + ", a study's steps", "tokens/s by the clock", speeds);
            }
        }
    }

    private Student student() {
        return engine.training().student(new AdapterPlan(16, 32, 0.1, (int) Math.ceil(0.4 * layers), layers), null, 1);
    }

    private List<TrainingRow> rows(int count) {
        var rows = new ArrayList<TrainingRow>();
        for (int i = 0; i < count; i++) {
            int length = TOKENS + random.nextInt(SPREAD);
            var tokens = random.ints(length, 100, 40_000).toArray();
            System.arraycopy(system, 0, tokens, 0, system.length);
            rows.add(new TrainingRow(tokens, length - ANSWER, new Loss.CrossEntropy(1.0 / count)));
        }
        return rows;
    }

    private static int count(List<TrainingRow> rows) {
        return rows.stream().mapToInt(row -> row.tokens().length).sum();
    }

    private int step(Student student, int rows) throws InterruptedException {
        var read = rows(rows);
        student.forwardBackward(read);
        student.optimStep(OptimStep.at(1e-4));
        return count(read);
    }

    private void alone(int rounds) throws IOException, InterruptedException {
        var speeds = new ArrayList<List<Double>>();
        var costs = new ArrayList<List<Double>>();
        ROWS.forEach(_ -> speeds.add(new ArrayList<>()));
        ROWS.forEach(_ -> costs.add(new ArrayList<>()));
        try (var student = student()) {
            step(student, ROWS_OF_A_STEP);
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < ROWS.size(); i++) {
                    long began = System.nanoTime();
                    var worked = worked();
                    int tokens = 0;
                    for (int rows = 0; rows < ROWS_OF_A_STEP; rows += ROWS.get(i)) {
                        tokens += step(student, ROWS.get(i));
                    }
                    costs.get(i).add(tokens / (worked().minus(worked).toNanos() / 1e9));
                    speeds.get(i).add(tokens / ((System.nanoTime() - began) / 1e9));
                }
            }
        }
        for (int i = 0; i < ROWS.size(); i++) {
            say("rows " + ROWS.get(i), "tokens/s", speeds.get(i));
            say("rows " + ROWS.get(i), "tokens/s of one processor", costs.get(i));
        }
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .forEach(out::println);
    }

    private static Duration worked() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private void beside(int rounds) throws InterruptedException {
        var quiet = new ArrayList<Double>();
        var busy = new ArrayList<Double>();
        stream();
        var learnt = new ArrayList<Double>();
        for (int round = 0; round < rounds; round++) {
            quiet.addAll(stream());
            var ready = new CountDownLatch(1);
            var read = new AtomicInteger();
            var learner = Thread.ofPlatform().start(() -> learn(ready, read));
            ready.await();
            int before = read.get();
            long began = System.nanoTime();
            do {
                busy.addAll(stream());
            } while (read.get() == before);
            learnt.add((read.get() - before) / ((System.nanoTime() - began) / 1e9));
            learner.interrupt();
            learner.join();
        }
        say("stream alone", "ms between tokens", quiet);
        say("stream beside a study", "ms between tokens", busy);
        say("study beside a stream", "tokens/s", learnt);
    }

    /** Learns until interrupted. */
    private void learn(CountDownLatch ready, AtomicInteger read) {
        try (var student = student()) {
            while (true) {
                read.addAndGet(step(student, ROWS_BESIDE));
                ready.countDown();
            }
        } catch (InterruptedException e) {
            ready.countDown();
        }
    }

    /** The gaps between a stream's tokens, the first of which is the wait for the first token. */
    private List<Double> stream() throws InterruptedException {
        var prompt = random.ints(16, 100, 40_000).toArray();
        var gaps = new ArrayList<Double>();
        long last = System.nanoTime();
        try (var answer = engine.submit(GenerationRequest.of(prompt, SamplingParams.greedy(STREAM)))) {
            while (answer.next() instanceof GenerationEvent.Delta) {
                long now = System.nanoTime();
                gaps.add((now - last) / 1e6);
                last = now;
            }
        }
        return gaps;
    }

    private void say(String what, String unit, List<Double> values) {
        say(out, what, unit, values);
    }

    private static void say(PrintStream out, String what, String unit, List<Double> values) {
        var sorted = values.stream().sorted().toList();
        out.printf(
                Locale.ROOT,
                "RESULT %s, %s: median %.1f, 95%% %.1f, 99%% %.1f, most %.1f, mean %.1f, %d values%n",
                what,
                unit,
                at(sorted, .5),
                at(sorted, .95),
                at(sorted, .99),
                sorted.getLast(),
                sorted.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
                sorted.size());
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(share * (sorted.size() - 1))));
    }
}
