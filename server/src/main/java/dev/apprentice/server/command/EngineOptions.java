package dev.apprentice.server.command;

import dev.apprentice.engine.EngineSettings.Dtype;
import dev.apprentice.engine.Placement;
import dev.apprentice.server.bench.EnginePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code bench engine} may be told, so that a part of it can be run. */
final class EngineOptions {
    private static final int ROUNDS_MAX = 100;
    private static final int STREAMS_MAX = 1024;

    @Option(
            names = "--dtypes",
            split = ",",
            paramLabel = "DTYPE",
            description = "engine: which arithmetics: fp32, bf16, int8 (default: all).")
    private List<String> dtypes = new ArrayList<>();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "engine: how often each case is measured; the medians are told (default: ${DEFAULT-VALUE}).")
    private int rounds = EnginePlan.FULL.rounds();

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "engine: auto, cpu, cuda or cuda:N (default: cpu).")
    private String device = EnginePlan.FULL.device().toString();

    @Option(
            names = "--streams",
            split = ",",
            paramLabel = "N",
            description = "engine: how many answers are decoded at once (default: 1, 2, 4, 8, 16).")
    private List<Integer> streams = EnginePlan.FULL.streams();

    @Option(names = "--no-big", description = "engine: without the random model of the shape of a half-billion one.")
    private boolean small;

    /** What is wrong with them, if anything is. */
    Optional<String> fault() {
        var unknown = dtypes.stream()
                .filter(name -> EnginePlan.FULL.dtypes().stream().noneMatch(dtype -> named(name, dtype)))
                .findFirst();
        return unknown.map(name -> "--dtypes: expected fp32, bf16 or int8, found " + name)
                .or(() -> rounds < 1 || rounds > ROUNDS_MAX
                        ? Optional.of("--rounds: expected from 1 to " + ROUNDS_MAX + ", found " + rounds)
                        : Optional.empty())
                .or(() -> Placement.of(device).isPresent()
                        ? Optional.empty()
                        : Optional.of("--device: expected " + Placement.EXPECTED + ", found " + device))
                .or(() -> streams.stream().allMatch(count -> count >= 1 && count <= STREAMS_MAX)
                        ? Optional.empty()
                        : Optional.of("--streams: expected each from 1 to " + STREAMS_MAX + ", found " + streams));
    }

    /** How much is measured by them. */
    EnginePlan plan() {
        var chosen = EnginePlan.FULL.dtypes().stream()
                .filter(dtype -> dtypes.isEmpty() || dtypes.stream().anyMatch(name -> named(name, dtype)))
                .toList();
        return EnginePlan.FULL.of(Placement.of(device).orElseThrow(), rounds, streams, chosen, !small);
    }

    private static boolean named(String name, Dtype dtype) {
        return dtype.name().equals(name.toUpperCase(Locale.ROOT));
    }
}
