package dev.apprentice.server.bench.job;

import dev.apprentice.server.bench.job.JobExercise.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pictures of what a test found: the course of each arm where it has one, and the figure that counts. */
final class Plots {
    private Plots() {}

    static void write(Summary summary, Path folder) throws IOException {
        var test = summary.test();
        var main = summary.main();
        var curves = new LinkedHashMap<String, List<Double>>();
        var bars = new LinkedHashMap<String, List<Double>>();
        summary.runs().forEach((arm, seeds) -> {
            var curve = mean(seeds.values());
            if (!curve.isEmpty()) {
                curves.put(arm.word(), curve);
            }
            var figures = seeds.values().stream()
                    .map(Run::figures)
                    .filter(figure -> figure.containsKey(main))
                    .map(figure -> figure.get(main))
                    .toList();
            if (!figures.isEmpty()) {
                bars.put(arm.word(), figures);
            }
        });
        var begin = folder.resolve("job-" + test.name());
        write(begin + "-course.svg", curves, () -> Svg.lines(test.title(), "answers", "share right", curves));
        write(begin + "-" + main + ".svg", bars, () -> Svg.bars(test.title(), main, bars));
    }

    /** A picture. */
    @FunctionalInterface
    private interface Picture {
        String drawn();
    }

    private static void write(String file, Map<String, ?> what, Picture picture) throws IOException {
        if (!what.isEmpty()) {
            Files.writeString(Path.of(file), picture.drawn());
        }
    }

    /** Mean over seeds at each place that all of them have. */
    private static List<Double> mean(Collection<Run> runs) {
        int places = runs.stream().mapToInt(run -> run.curve().size()).min().orElse(0);
        var mean = new ArrayList<Double>();
        for (int i = 0; i < places; i++) {
            int at = i;
            mean.add(runs.stream()
                    .mapToDouble(run -> run.curve().get(at))
                    .average()
                    .orElse(0));
        }
        return mean;
    }
}
