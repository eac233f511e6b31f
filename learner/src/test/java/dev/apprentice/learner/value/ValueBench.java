package dev.apprentice.learner.value;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How good heads of several shapes are on answers that {@code ValueCollectBench} kept: {@code ValueBench FILE...}. A
 * head is fitted to the first 200, 400 or 1,000 answers and judged on those after them; beside that stands what it says
 * of itself, each answer judged by nets that know no answer to the same message.
 */
public final class ValueBench {
    private static final int LAYERS = 3;

    private final PrintStream out = System.out;

    private ValueBench() {}

    /** Runs. */
    public static void main(String[] args) throws IOException {
        var bench = new ValueBench();
        var files = new ArrayList<List<Outcome>>();
        for (var file : args) {
            files.add(read(Path.of(file)));
        }
        for (int learnt : new int[] {200, 400, 1000}) {
            bench.out.println("learnt from " + learnt);
            for (var parts : List.of("", "l2", "m2", "f2m2l2", "l1", "l0")) {
                for (var shape : parts.isEmpty() ? List.of("0/0", "0/8") : List.of("16/0", "16/8")) {
                    bench.row(files, learnt, parts, shape, ValuePlan.DEFAULT.decay());
                }
            }
            bench.row(files, learnt, "f2m2l2", "16/8", 1);
        }
    }

    private static List<Outcome> read(Path file) throws IOException {
        var outcomes = new ArrayList<Outcome>();
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int size = in.readInt();
            while (true) {
                int group = in.readInt();
                int right = in.readInt();
                var values = new float[size];
                for (int i = 0; i < size; i++) {
                    values[i] = in.readFloat();
                }
                outcomes.add(new Outcome("m" + group, new Traits(values), right, 1));
            }
        } catch (EOFException _) {
            return outcomes;
        }
    }

    private static Traits only(Traits traits, String parts) {
        var values = traits.values();
        int hidden = (values.length - Traits.SCALARS) / 3 / LAYERS;
        int wanted = parts.length() / 2;
        var kept = Arrays.copyOf(values, Traits.SCALARS + wanted * hidden);
        for (int w = 0; w < wanted; w++) {
            int part = "fml".indexOf(parts.charAt(2 * w));
            int layer = parts.charAt(2 * w + 1) - '0';
            System.arraycopy(
                    values,
                    Traits.SCALARS + (part * LAYERS + layer) * hidden,
                    kept,
                    Traits.SCALARS + w * hidden,
                    hidden);
        }
        return new Traits(kept);
    }

    private void row(List<List<Outcome>> files, int learnt, String parts, String shape, double decay) {
        int components = Integer.parseInt(shape.split("/", -1)[0]);
        int hidden = Integer.parseInt(shape.split("/", -1)[1]);
        var line = new StringBuilder();
        for (var file : files) {
            var all = file.stream()
                    .map(o -> new Outcome(o.request(), only(o.traits(), parts), o.reward(), 1))
                    .toList();
            if (all.size() < learnt + 60) {
                continue;
            }
            var d = ValuePlan.DEFAULT;
            var plan = new ValuePlan(
                    components,
                    hidden,
                    d.heads(),
                    d.steps(),
                    d.batch(),
                    d.rate(),
                    decay,
                    d.folds(),
                    d.fitFrom(),
                    d.certifyFrom(),
                    d.risk(),
                    d.doubt(),
                    d.outcomesMax(),
                    d.seed());
            var fit = Fit.of(all.subList(0, learnt), plan);
            var test = all.subList(learnt, all.size());
            var p = test.stream()
                    .mapToDouble(o -> fit.head().judge(o.traits()).confidence())
                    .toArray();
            var r = test.stream().mapToDouble(Outcome::reward).toArray();
            var q = Quality.of(p, r);
            line.append(String.format(
                    Locale.ROOT,
                    " | auroc %.3f ece %.3f brier %.3f (cross %.3f %.3f, n %d, right %.2f, cert %s)",
                    q.auroc(),
                    q.ece(),
                    q.brier(),
                    fit.quality().auroc(),
                    fit.quality().ece(),
                    test.size(),
                    Arrays.stream(r).average().orElse(0),
                    fit.threshold() == null
                            ? "-"
                            : fit.threshold().accepted() + "/" + fit.threshold().wrong()));
        }
        out.println(String.format(Locale.ROOT, "%-14s %-5s %.2f", parts, shape, decay) + line);
    }
}
