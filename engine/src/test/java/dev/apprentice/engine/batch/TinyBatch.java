package dev.apprentice.engine.batch;

import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.Placement;
import dev.apprentice.engine.RandomAdapter;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.adapter.Residency;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.reference.ReferenceCase;
import dev.apprentice.engine.sampling.Penalties;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real batch on a model so small that its steps take a millisecond. */
final class TinyBatch implements AutoCloseable {
    /** More than a test waits for. */
    static final int ENDLESS = 200;

    final Residency residency;
    private final BaseModel base = BaseModel.open(ReferenceCase.of("llama-tied").model());
    private final Tokenizer tokenizer = Tokenizer.open(base.tokenizerJson());
    private final Decoder decoder = Decoder.load(base, Kernel.FP32, List.of(), 1);
    private final Scheduler scheduler;

    /**
     * Opens one.
     *
     * @param rows places
     * @param cacheTokens how many tokens of keys and values there is room for
     * @param adapterBytes room for adapters
     */
    TinyBatch(int rows, int cacheTokens, long adapterBytes) {
        var settings = new EngineSettings(
                Path.of("any"),
                new Placement.Cpu(),
                EngineSettings.Dtype.FP32,
                1,
                rows,
                100,
                64,
                decoder.cacheBytes(cacheTokens),
                adapterBytes,
                0);
        residency = new Residency(decoder, adapterBytes);
        scheduler = new Scheduler(
                decoder, residency, new ComputePermit(), settings, Seams.real().clock());
        scheduler.start();
    }

    Generation ask(GenerationRequest request) {
        return scheduler.submit(request, tokenizer, base.specials(), null);
    }

    /** An answer of so many tokens after a short prompt. */
    static GenerationRequest request(int tokens) {
        return GenerationRequest.of(
                new int[] {5, 9, 13, 17},
                new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, tokens, tokens, List.of(), true, 0));
    }

    AdapterRef adapter(Path folder, int seed) {
        return RandomAdapter.in(folder.resolve("adapter-" + seed), seed, base);
    }

    /** What one of those adapters takes. */
    long bytes(AdapterRef ref) {
        return residency.check(ref);
    }

    int waiting() {
        return scheduler.waiting();
    }

    int running() {
        return scheduler.running();
    }

    int openScopes() {
        return decoder.openScopes();
    }

    void awaitQuiet() {
        while (running() + waiting() > 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        scheduler.close();
        residency.close();
        decoder.close();
        tokenizer.close();
        base.close();
    }
}
