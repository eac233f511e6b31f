package dev.apprentice.engine.decoder;

import ai.djl.engine.Engine;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.EngineSettings.LearningDtype;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.model.BaseModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the serving kernel by measurement, because what a processor says of itself is no guide to how fast its
 * products are. Each kernel takes 1, 8 and 512 rows through some of the model's own layers; the smallest geometric mean
 * of the three times wins. Where that is int8, the perplexity of a text of our own decides whether it may: it may cost
 * one per cent. What was found is kept beside the model and holds for the same weights, processor, threads, libtorch
 * and program.
 */
public final class Kernels {
    private static final System.Logger LOG = System.getLogger(Kernels.class.getName());

    private static final List<Integer> ROWS = List.of(1, 8, 512);

    /** How often each number of rows is timed, after a first time that does not count. */
    private static final List<Integer> TIMES = List.of(5, 5, 3);

    /** How many weights the timed layers have together, at most: more than caches hold, and a second's work. */
    private static final long WEIGHTS_TIMED_MAX = 40_000_000;

    /**
     * By how much the middle time may exceed the best: beyond, something else was running, and what was chosen serves
     * but is not kept.
     */
    private static final double UNREST_MAX = 1.5;

    /** By what share of fp32's int8 may raise the perplexity (docs/engine.md). */
    private static final double COST_MAX = 0.01;

    /** How many tokens of the text the perplexity is measured on, and how many are read at once. */
    private static final int QUALITY_TOKENS = 1024;

    private static final int QUALITY_WINDOW = 512;

    /** How much faster bf16's products over many rows have to be than fp32's for studies to learn by them. */
    private static final double LEARNING_GAIN_MIN = 1.5;

    private Kernels() {}

    /**
     * What was chosen and why.
     *
     * @param millis of 1, 8 and 512 rows, for each kernel
     * @param int8Cost by what share int8 raised the perplexity, or null where nobody asked
     */
    public record Choice(
            Kernel kernel,
            Map<Kernel, List<Double>> millis,
            @Nullable Double int8Cost) {
        public Choice {
            millis = Map.copyOf(millis);
        }
    }

    /**
     * Makes {@code decoder}, which serves in fp32 and has served nobody yet, serve in the kernel that is best here.
     *
     * @param model the file or folder beside or in which the choice is kept; where it can't be, it is made at each
     *     start
     * @param threads with which the decoder computes
     */
    public static Choice settle(Decoder decoder, BaseModel base, Path model, SampleTexts texts, int threads) {
        var file = file(model);
        var key = key(base, threads);
        var kept = read(file, key);
        if (kept != null) {
            decoder.serve(kept.kernel(), texts.calibration());
            say(kept, "kept");
            return kept;
        }
        var times = timed(decoder);
        var choice = measured(decoder, texts, best(times));
        boolean quiet = times.values().stream()
                .flatMap(List::stream)
                .allMatch(millis -> millis[millis.length / 2] <= UNREST_MAX * millis[0]);
        if (quiet) {
            write(file, key, choice);
        }
        say(choice, quiet ? "measured" : "measured_on_a_busy_machine");
        return choice;
    }

    /** What was found at an earlier start, or null. */
    public static @Nullable Choice kept(BaseModel base, Path model, int threads) {
        return read(file(model), key(base, threads));
    }

    private static Path file(Path model) {
        return Files.isDirectory(model)
                ? model.resolve("kernels.json")
                : model.resolveSibling(model.getFileName() + ".kernels.json");
    }

    /**
     * In which arithmetic studies learn: bf16 where its products over many rows are much faster than fp32's. What is
     * measured is the way forward; the way back goes as it does (docs/engine.md).
     *
     * @param found by measurement, or null where nothing was measured: then it is fp32
     */
    public static LearningDtype learning(@Nullable Choice found) {
        if (found == null) {
            return LearningDtype.FP32;
        }
        var exact = found.millis().getOrDefault(Kernel.FP32, List.of());
        var half = found.millis().getOrDefault(Kernel.BF16, List.of());
        boolean faster = exact.size() == ROWS.size()
                && half.size() == ROWS.size()
                && exact.getLast() >= LEARNING_GAIN_MIN * half.getLast();
        return faster ? LearningDtype.BF16 : LearningDtype.FP32;
    }

    private static Map<Kernel, List<Double>> best(Map<Kernel, List<double[]>> times) {
        var best = new EnumMap<Kernel, List<Double>>(Kernel.class);
        times.forEach((kernel, all) ->
                best.put(kernel, all.stream().map(millis -> millis[0]).toList()));
        return best;
    }

    private static Map<Kernel, List<double[]>> timed(Decoder decoder) {
        var config = decoder.config();
        long weights = Projection.ALL.stream()
                .mapToLong(p -> (long) p.in(config) * p.out(config))
                .sum();
        int layers = Math.clamp(WEIGHTS_TIMED_MAX / weights, 1, config.layers());
        var millis = new EnumMap<Kernel, List<double[]>>(Kernel.class);
        for (var kernel : Kernel.values()) {
            var times = new ArrayList<double[]>();
            for (int i = 0; i < ROWS.size(); i++) {
                times.add(decoder.millis(kernel, layers, ROWS.get(i), TIMES.get(i)));
            }
            millis.put(kernel, times);
        }
        return millis;
    }

    private static Choice measured(Decoder decoder, SampleTexts texts, Map<Kernel, List<Double>> millis) {
        var config = decoder.config();
        var fastest = fastest(millis);
        if (fastest != Kernel.INT8) {
            decoder.serve(fastest, texts.calibration());
            return new Choice(fastest, millis, null);
        }
        var text = Arrays.copyOf(texts.quality(), Math.min(texts.quality().length, QUALITY_TOKENS));
        int window = Math.min(QUALITY_WINDOW, config.contextTokens());
        var exact = Quality.of(decoder, text, window);
        decoder.serve(Kernel.INT8, texts.calibration());
        double cost = Quality.of(decoder, text, window).cost(exact);
        if (cost <= COST_MAX) {
            return new Choice(Kernel.INT8, millis, cost);
        }
        var rest = new EnumMap<>(millis);
        rest.remove(Kernel.INT8);
        decoder.serve(fastest(rest), texts.calibration());
        return new Choice(fastest(rest), millis, cost);
    }

    /** The one with the smallest geometric mean of its times. */
    static Kernel fastest(Map<Kernel, List<Double>> millis) {
        return millis.keySet().stream()
                .min(Comparator.comparingDouble(kernel -> Objects.requireNonNull(millis.get(kernel)).stream()
                        .mapToDouble(Math::log)
                        .sum()))
                .orElseThrow();
    }

    private static void say(Choice choice, String how) {
        LOG.log(
                System.Logger.Level.INFO,
                "event=kernel_chosen kernel={0} how={1} ms_of_1_8_512_rows={2} int8_perplexity={3}",
                name(choice.kernel()),
                how,
                new TreeMap<>(choice.millis())
                        .entrySet().stream()
                                .map(e -> name(e.getKey()) + ":"
                                        + e.getValue().stream()
                                                .map(ms -> String.format(Locale.ROOT, "%.1f", ms))
                                                .collect(Collectors.joining("/")))
                                .collect(Collectors.joining(",")),
                choice.int8Cost() == null
                        ? "not_asked"
                        : String.format(Locale.ROOT, "%+.2f%%", 100 * choice.int8Cost()));
    }

    private static String name(Kernel kernel) {
        return kernel.name().toLowerCase(Locale.ROOT);
    }

    /** What a choice holds for. */
    static Map<String, String> key(BaseModel base, int threads) {
        return new TreeMap<>(Map.of(
                "model", base.digest(),
                "processor", processor(),
                "threads", Integer.toString(threads),
                "libtorch", Engine.getEngine("PyTorch").getVersion(),
                "program", ProgramArchive.digest("serving.py")));
    }

    /** Name and flags of the processor. */
    static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith("model name") || line.startsWith("flags"))
                    .limit(2)
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .collect(Collectors.joining("; "));
        } catch (IOException e) {
            return System.getProperty("os.arch", "unknown"); // not Linux
        }
    }

    private static @Nullable Choice read(Path file, Map<String, String> key) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            var root = Json.strict().readTree(file.toFile());
            for (var entry : key.entrySet()) {
                if (!entry.getValue()
                        .equals(root.path("for").path(entry.getKey()).asText())) {
                    return null;
                }
            }
            var millis = new EnumMap<Kernel, List<Double>>(Kernel.class);
            for (var kernel : Kernel.values()) {
                var times = new ArrayList<Double>();
                for (JsonNode time : root.path("millis").path(name(kernel))) {
                    times.add(time.asDouble());
                }
                millis.put(kernel, times);
            }
            var cost = root.path("int8_cost");
            var kernel = Kernel.valueOf(root.path("kernel").asText().toUpperCase(Locale.ROOT));
            return new Choice(kernel, millis, cost.isNumber() ? cost.asDouble() : null);
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "event=kernel_choice_unreadable file={0} reason={1}",
                    file,
                    e.getMessage());
            return null; // measured again, and written anew
        }
    }

    static void write(Path file, Map<String, String> key, Choice choice) {
        ObjectNode root = Json.strict().createObjectNode();
        root.put("kernel", name(choice.kernel()));
        var times = root.putObject("millis");
        choice.millis().forEach((kernel, list) -> list.forEach(times.withArray(name(kernel))::add));
        if (choice.int8Cost() != null) {
            root.put("int8_cost", choice.int8Cost());
        }
        var holds = root.putObject("for");
        key.forEach(holds::put);
        try {
            var part = file.resolveSibling(
                    file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            Json.strict().writerWithDefaultPrettyPrinter().writeValue(part.toFile(), root);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.INFO, "event=kernel_choice_not_kept file={0} reason={1}", file, e.getMessage());
        }
    }
}
