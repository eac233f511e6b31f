package dev.apprentice.server.command;

import dev.apprentice.engine.EngineSettings.Dtype;
import dev.apprentice.server.bench.EnginePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code bench engine} may be told, so that a part of it can be run. */
final class EngineOptions {
    private static final int ROUNDS_MAX = 100;

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
                        : Optional.empty());
    }

    /** How much is measured by them. */
    EnginePlan plan() {
        var chosen = EnginePlan.FULL.dtypes().stream()
                .filter(dtype -> dtypes.isEmpty() || dtypes.stream().anyMatch(name -> named(name, dtype)))
                .toList();
        return EnginePlan.FULL.of(rounds, chosen, !small);
    }

    private static boolean named(String name, Dtype dtype) {
        return dtype.name().equals(name.toUpperCase(Locale.ROOT));
    }
}
