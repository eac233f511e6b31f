package dev.apprentice.server.bench.job;

import dev.apprentice.engine.Seams;
import dev.apprentice.server.bench.Table;
import dev.apprentice.server.bench.job.JobExercise.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What all arms and seeds of one test found, as tables. */
final class Summary {
    private static final int DRAWS = 2_000;
    private static final long SEED = 1;
    private static final double LOW = 0.025;
    private static final double HIGH = 0.975;
    private static final String NOTHING = "-";

    private final JobExercise test;
    private final String main;
    private final Map<Arm, Map<Long, Run>> runs = new TreeMap<>();
    private final Map<Arm, String> without = new TreeMap<>();

    Summary(JobExercise test, JobPlan.Sizes sizes) {
        this.test = test;
        main = test.main(sizes);
    }

    void add(Arm arm, long seed, Run run) {
        runs.computeIfAbsent(arm, _ -> new TreeMap<>()).put(seed, run);
    }

    /** {@code arm} takes no part, or not in all of it, for this reason. */
    void without(Arm arm, String reason) {
        without.put(arm, reason);
    }

    Map<Arm, Map<Long, Run>> runs() {
        return runs;
    }

    /** Which figure counts when arms are compared. */
    String main() {
        return main;
    }

    JobExercise test() {
        return test;
    }

    /** Means with intervals, arms against each other, and each run by itself. */
    List<Table> tables() {
        var names = new LinkedHashSet<String>();
        runs.values()
                .forEach(seeds ->
                        seeds.values().forEach(run -> names.addAll(run.figures().keySet())));
        var means = new ArrayList<Map<String, Object>>();
        var each = new ArrayList<Map<String, Object>>();
        for (var arm : Arm.values()) {
            var seeds = runs.getOrDefault(arm, Map.of());
            var reason = without.get(arm);
            if (seeds.isEmpty() && reason == null) {
                continue; // it was not asked for
            }
            var row = new LinkedHashMap<String, Object>();
            row.put("arm", arm.word());
            row.put("seeds", String.valueOf(seeds.size()));
            names.forEach(name -> row.put(name, told(values(seeds, name), seeds.size())));
            row.put("note", reason == null ? "" : seeds.isEmpty() ? "left out: " + reason : reason);
            means.add(row);
            seeds.forEach((seed, run) -> {
                var own = new LinkedHashMap<String, Object>();
                own.put("arm", arm.word());
                own.put("seed", String.valueOf(seed));
                names.forEach(name -> {
                    var figure = run.figures().get(name);
                    own.put(name, figure == null ? NOTHING : figure);
                });
                each.add(own);
            });
        }
        var tables = new ArrayList<Table>();
        var id = "job_" + test.name();
        tables.add(new Table(id, test.title() + " (mean, and 95 % interval over seeds)", means));
        var against = against();
        if (!against.isEmpty()) {
            tables.add(new Table(id + "_against", "What as served has more of in " + main + ", paired", against));
        }
        tables.add(new Table(id + "_runs", "Each run of test " + test.name(), each));
        return tables;
    }

    private List<Map<String, Object>> against() {
        var both = runs.getOrDefault(Arm.BOTH, Map.of());
        var rows = new ArrayList<Map<String, Object>>();
        for (var other : runs.entrySet()) {
            var differences = new ArrayList<Double>();
            other.getValue().forEach((seed, run) -> {
                var own = both.get(seed);
                var ours = own == null ? null : own.figures().get(main);
                var theirs = run.figures().get(main);
                if (ours != null && theirs != null) {
                    differences.add(ours - theirs);
                }
            });
            if (other.getKey() != Arm.BOTH && !differences.isEmpty()) {
                var row = new LinkedHashMap<String, Object>();
                row.put("both_less", other.getKey().word());
                row.put(main, told(differences, differences.size()));
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<Double> values(Map<Long, Run> seeds, String name) {
        var values = new ArrayList<Double>();
        for (var run : seeds.values()) {
            var figure = run.figures().get(name);
            if (figure != null) {
                values.add(figure);
            }
        }
        return values;
    }

    /** Mean and interval; how many seeds have it at all where not all do. */
    private static String told(List<Double> values, int of) {
        if (values.isEmpty()) {
            return NOTHING;
        }
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        var text = number(mean);
        if (values.size() > 1) {
            var interval = interval(values);
            text += " [" + number(interval[0]) + ", " + number(interval[1]) + "]";
        }
        return values.size() == of ? text : text + " (" + values.size() + " of " + of + ")";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.3f", value);
    }

    /** 95 % of the means of as many values drawn with replacement (Efron 1979, percentile). */
    static double[] interval(List<Double> values) {
        var random = Seams.random(SEED);
        var means = new double[DRAWS];
        for (int d = 0; d < DRAWS; d++) {
            for (int i = 0; i < values.size(); i++) {
                means[d] += values.get(random.nextInt(values.size())) / values.size();
            }
        }
        Arrays.sort(means);
        return new double[] {means[(int) (LOW * DRAWS)], means[(int) (HIGH * DRAWS)]};
    }
}
