package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A page in Prometheus' text format 0.0.4, read as strictly as promtool checks it: a family stands together, with one
 * line of help and one of its type before its samples; no series comes twice; names say what they are.
 *
 * @param types of the families
 * @param samples by the name of the series with its labels
 */
record Exposition(Map<String, String> types, Map<String, Double> samples) {
    private static final Pattern META = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(" + LABEL + "(?:," + LABEL + ")*)})? (\\S+)");
    private static final Pattern BOUND = Pattern.compile(",?le=\"([^\"]+)\"");

    /** As promtool has it: seconds and bytes, never thousands or thousandths of them. */
    private static final Pattern NO_BASE_UNIT = Pattern.compile(
            ".*_(ms|millis|milliseconds|us|microseconds|nanos|minutes|hours|kb|mb|kilobytes|megabytes)" + "(_total)?");

    static Exposition of(String page) {
        var types = new LinkedHashMap<String, String>();
        var samples = new LinkedHashMap<String, Double>();
        var helped = new HashSet<String>();
        var family = "";
        assertThat(page).endsWith("\n");
        for (var line : page.lines().toList()) {
            var meta = META.matcher(line);
            if (meta.matches() && meta.group(1).equals("HELP")) {
                assertThat(helped.add(meta.group(2)))
                        .as("the only help: %s", line)
                        .isTrue();
                family = meta.group(2);
            } else if (meta.matches()) {
                assertThat(types.put(meta.group(2), meta.group(3))).as(line).isNull();
                assertThat(meta.group(2)).as("behind its help").isEqualTo(family);
            } else {
                var sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as("a sample: %s", line).isTrue();
                assertThat(types).containsKey(family);
                assertThat(sample.group(1)).isIn(names(family, Objects.requireNonNull(types.get(family))));
                var series = line.substring(0, line.lastIndexOf(' '));
                assertThat(samples.put(series, number(sample.group(3))))
                        .as(line)
                        .isNull();
            }
        }
        assertThat(helped).isEqualTo(types.keySet());
        types.forEach(Exposition::checkName);
        var read = new Exposition(types, samples);
        types.keySet().stream()
                .filter(name -> "histogram".equals(types.get(name)))
                .forEach(read::checkHistogram);
        return read;
    }

    /** The value of a series that is there. */
    double value(String series) {
        assertThat(samples).containsKey(series);
        return Objects.requireNonNull(samples.get(series));
    }

    /** The series of counters whose names {@code which} lets pass. */
    Map<String, Double> counters(Predicate<String> which) {
        var found = new TreeMap<String, Double>();
        samples.forEach((series, value) -> {
            var name = series.replaceAll("\\{.*", "");
            if ("counter".equals(types.get(name)) && which.test(name)) {
                found.put(series, value);
            }
        });
        return found;
    }

    private static Set<String> names(String family, String type) {
        return type.equals("histogram")
                ? Set.of(family + "_bucket", family + "_sum", family + "_count")
                : Set.of(family);
    }

    private static void checkName(String name, String type) {
        assertThat(type).isIn("counter", "gauge", "histogram");
        assertThat(name).doesNotMatch(NO_BASE_UNIT).doesNotMatch(".*_(bucket|sum|count|created)");
        assertThat(name.endsWith("_total")).as("%s is a %s", name, type).isEqualTo(type.equals("counter"));
    }

    /** Buckets hold what those below them hold, and the last one everything. */
    private void checkHistogram(String name) {
        var last = new HashMap<String, Double>();
        samples.forEach((series, value) -> {
            if (series.startsWith(name + "_bucket{")) {
                var others = BOUND.matcher(series.substring(name.length() + 7)).replaceFirst("");
                var labels = others.equals("{}") ? "" : others.replace("{,", "{");
                assertThat(value).as(series).isGreaterThanOrEqualTo(last.getOrDefault(labels, 0.0));
                last.put(labels, value);
                if (series.contains("le=\"+Inf\"")) {
                    assertThat(value).as(series).isEqualTo(value(name + "_count" + labels));
                    value(name + "_sum" + labels);
                }
            }
        });
        assertThat(samples.keySet().stream()
                        .filter(it -> it.startsWith(name + "_bucket{") && it.contains("le=\"+Inf\""))
                        .count())
                .isEqualTo(last.size());
    }

    private static double number(String said) {
        return switch (said) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(said);
        };
    }
}
