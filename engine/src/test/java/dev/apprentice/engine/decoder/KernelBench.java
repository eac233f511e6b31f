package dev.apprentice.engine.decoder;

import com.sun.management.OperatingSystemMXBean;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.BaseModel;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * How fast each kernel serves, without scheduler or sampling: {@code KernelBench MODEL [rounds=5] [threads=2]
 * [kernels=FP32,BF16,INT8]}. Prints the median tokens per second of reading 512 tokens and of 1, 8 and 16 rows that go
 * on from 128, one kernel after the other; with {@code -Dcpu=true} by processor time, which a loaded machine stretches
 * less.
 */
public final class KernelBench {
    private static final int PROMPT = 512;
    private static final int PAST = 128;
    private static final int STEPS = 24;
    private static final List<Integer> STREAMS = List.of(1, 8, 16);

    private static final OperatingSystemMXBean CPU =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final RandomGenerator random = Seams.random(1);
    private final Map<Kernel, Map<String, List<Double>>> seen = new EnumMap<>(Kernel.class);

    /** Runs. */
    public static void main(String[] args) {
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int threads = args.length > 2 ? Integer.parseInt(args[2]) : 2;
        var kernels = List.of((args.length > 3 ? args[3] : "FP32,BF16,INT8").split(","));
        new KernelBench().run(Path.of(args[0]), rounds, threads, kernels);
    }

    private void run(Path model, int rounds, int threads, List<String> kernels) {
        try (var base = BaseModel.open(model)) {
            for (var name : kernels) { // not beside each other: each has a thread that computes (docs/engine.md)
                long began = now();
                var kernel = Kernel.valueOf(name);
                try (var decoder = Decoder.load(base, kernel, List.of(tokens(256), tokens(256)), threads)) {
                    System.out.printf(Locale.ROOT, "%s loaded in %.1f s%n", kernel, (now() - began) / 1e9);
                    for (int round = 0; round <= rounds; round++) {
                        measure(kernel, decoder, round > 0);
                    }
                }
                seen.getOrDefault(kernel, Map.of()).forEach((what, speeds) -> say(kernel + " " + what, speeds));
            }
        }
    }

    private int[] tokens(int count) {
        return random.ints(count, 100, 40_000).toArray();
    }

    private void measure(Kernel kernel, Decoder decoder, boolean counts) {
        var speeds = seen.computeIfAbsent(kernel, _ -> new TreeMap<>());
        try (var cache = decoder.cache(PROMPT)) {
            long began = now();
            decoder.step(new Step(
                    List.of(new Step.Row(tokens(PROMPT), 0, cache, null, Step.Wanted.BEST)),
                    decoder.config().vocabulary()));
            add(speeds, "prefill " + PROMPT, PROMPT, began, counts);
        }
        for (int streams : STREAMS) {
            decode(decoder, streams, counts, speeds);
        }
    }

    private void decode(Decoder decoder, int streams, boolean counts, Map<String, List<Double>> speeds) {
        var caches = new ArrayList<RowCache>();
        for (int i = 0; i < streams; i++) {
            caches.add(decoder.cache(PAST + STEPS)); // what the past held does not change how long a step takes
        }
        long began = now();
        for (int step = 0; step < STEPS; step++) {
            var rows = new ArrayList<Step.Row>();
            for (var cache : caches) {
                rows.add(new Step.Row(tokens(1), PAST + step, cache, null, Step.Wanted.BEST));
            }
            decoder.step(new Step(rows, decoder.config().vocabulary()));
        }
        add(speeds, String.format(Locale.ROOT, "decode %2d", streams), STEPS * streams, began, counts);
        caches.forEach(RowCache::close);
    }

    /** Nanoseconds of the clock, or of the processors. */
    private static long now() {
        return Boolean.getBoolean("cpu") ? CPU.getProcessCpuTime() : System.nanoTime();
    }

    private static void add(Map<String, List<Double>> speeds, String what, int tokens, long began, boolean counts) {
        if (counts) {
            speeds.computeIfAbsent(what, _ -> new ArrayList<>()).add(tokens / ((now() - began) / 1e9));
        }
    }

    private static void say(String what, List<Double> values) {
        var sorted = values.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "RESULT %s: median %.1f tokens/s, %.1f to %.1f, %d values%n",
                what,
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }
}
