package dev.apprentice.server.bench;

import dev.apprentice.learner.recall.IndexTrial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What recall's index costs with many lessons: how long a look-up takes, how long a new lesson takes until it is found,
 * and how much disk and heap it needs. No base runs: the lessons and their states are made up.
 */
final class RecallBench implements Benchmark {
    /** As wide as the default base. */
    private static final int HIDDEN = 576;

    private static final long SEED = 7;
    private static final int STEPS = 10;
    private static final double MEGA = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final RecallPlan plan;

    RecallBench(RecallPlan plan) {
        this.plan = plan;
    }

    @Override
    public String name() {
        return "recall";
    }

    @Override
    public String about() {
        return "look-ups in an index of many lessons, and how soon a new one is found";
    }

    @Override
    public List<Table> run(Terms terms) throws IOException {
        int lessons = plan.lessons();
        Files.createDirectories(terms.folder());
        var folder = Files.createTempDirectory(terms.folder(), "recall");
        try (var trial = IndexTrial.open(folder, HIDDEN, SEED)) {
            long heapBefore = heap();
            long began = System.nanoTime();
            for (int step = 1; step <= STEPS; step++) {
                int upTo = (int) ((long) lessons * step / STEPS);
                trial.fill(upTo - (int) ((long) lessons * (step - 1) / STEPS));
                terms.progress().accept(upTo + " lessons");
            }
            double seconds = (System.nanoTime() - began) / NANOS_PER_SECOND;
            trial.lookups(plan.warm());
            double heap = (heap() - heapBefore) / MEGA;
            terms.progress().accept("look-ups");
            int asked =
                    (int) Math.max(plan.asked(), plan.asked() * terms.window().toMillis() / 1000);
            var lookups = row("look-up", trial.lookups(asked));
            terms.progress().accept("new lessons");
            var additions = row("new lesson found", trial.additions(plan.added()));
            var size = new LinkedHashMap<String, Object>();
            size.put("lessons", (double) lessons);
            size.put("disk_mb", disk(folder) / MEGA);
            size.put("heap_mb", Math.max(0, heap));
            size.put("filled_s", seconds);
            size.put("right_share", trial.right(plan.asked()));
            return List.of(
                    new Table(
                            "recall_times",
                            "Milliseconds in an index of " + lessons + " lessons",
                            List.of(lookups, additions)),
                    new Table("recall_size", "What the index takes", List.of(size)));
        } finally {
            Folders.delete(folder);
        }
    }

    private static Map<String, Object> row(String what, IndexTrial.Millis millis) {
        var row = new LinkedHashMap<String, Object>();
        row.put("what", what);
        for (var share : List.of(50, 95, 99)) {
            row.put("p" + share + "_ms", at(millis.waited(), share));
        }
        for (var share : List.of(50, 95, 99)) {
            row.put("p" + share + "_cpu_ms", at(millis.computed(), share));
        }
        return row;
    }

    private static double at(double[] ascending, int percent) {
        return ascending[Math.max(0, (int) Math.ceil(percent / 100.0 * ascending.length) - 1)];
    }

    private static long heap() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long disk(Path folder) throws IOException {
        var sizes = new ArrayList<Long>();
        try (var files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    sizes.add(Files.size(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return sizes.stream().mapToLong(Long::longValue).sum();
    }
}
