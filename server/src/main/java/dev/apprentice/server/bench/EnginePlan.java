package dev.apprentice.server.bench;

import dev.apprentice.engine.EngineSettings.Dtype;
import dev.apprentice.engine.Placement;
import java.util.List;

/**
 * How much of an engine is measured.
 *
 * @param device where
 * @param rounds each case is measured once in each; medians are told
 * @param prefillTokens how long the prompts are that only have to be read
 * @param streams how many answers are decoded at once
 * @param adapters how many adapters take turns in one batch
 * @param adapterStreams how many answers that batch has
 * @param prefixTokens how long the beginning is that prompts share
 * @param clients how many stream over HTTP, each asking again when it has been answered
 * @param decodeTokens how long the answers are
 * @param studyRows how many rows a step of a study has
 * @param studyTokens how many tokens a row has, of which the last sixth is trained
 * @param dtypes which arithmetics
 * @param big whether a random model of the shape of a half-billion one is measured, too
 */
public record EnginePlan(
        Placement device,
        int rounds,
        int prefillTokens,
        List<Integer> streams,
        List<Integer> adapters,
        int adapterStreams,
        int prefixTokens,
        int clients,
        int decodeTokens,
        int studyRows,
        int studyTokens,
        List<Dtype> dtypes,
        boolean big) {
    /** What the figures in docs/benchmarks.md come from. */
    public static final EnginePlan FULL = new EnginePlan(
            new Placement.Cpu(),
            3,
            512,
            List.of(1, 2, 4, 8, 16),
            List.of(1, 8, 64),
            8,
            400,
            8,
            64,
            16,
            96,
            List.of(Dtype.FP32, Dtype.BF16, Dtype.INT8),
            true);

    public EnginePlan {
        streams = List.copyOf(streams);
        adapters = List.copyOf(adapters);
        dtypes = List.copyOf(dtypes);
    }

    /** The same on {@code device} over {@code rounds} in {@code dtypes}, with the large model or without it. */
    public EnginePlan of(Placement device, int rounds, List<Integer> streams, List<Dtype> dtypes, boolean big) {
        return new EnginePlan(
                device,
                rounds,
                prefillTokens,
                streams,
                adapters,
                adapterStreams,
                prefixTokens,
                clients,
                decodeTokens,
                studyRows,
                studyTokens,
                dtypes,
                big);
    }
}
