package dev.apprentice.engine;

import dev.apprentice.engine.adapter.Residency;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.batch.Scheduler;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.SpecialTokens;
import dev.apprentice.engine.sampling.Grammar;
import dev.apprentice.engine.text.Tokenizer;
import dev.apprentice.engine.training.NativeTraining;
import dev.apprentice.engine.training.Training;
import org.jspecify.annotations.Nullable;

/** A model in native memory, with the thread that decodes its answers. */
final class NativeMachine implements Machine {
    private final SpecialTokens specials;
    private final Tokenizer tokenizer;
    private final Decoder decoder;
    private final Residency residency;
    private final Scheduler scheduler;
    private final Training training;
    private final Closing house = new Closing();

    private NativeMachine(BaseModel base, Tokenizer tokenizer, EngineSettings settings, Seams seams) {
        this.specials = base.specials();
        this.tokenizer = tokenizer;
        decoder = house.add(Decoder.load(base, settings.dtype(), settings.threads()));
        try {
            residency = house.add(new Residency(decoder, settings.adapterBytes()));
            var permit = new ComputePermit();
            scheduler = house.add(new Scheduler(decoder, permit, settings, seams.clock()));
            scheduler.start();
            training = new NativeTraining(decoder, permit);
        } catch (RuntimeException | Error e) {
            house.closeAfter(e);
            throw e;
        }
    }

    /** Loads the weights and starts the engine thread. */
    static Machine.Maker maker(EngineSettings settings, Seams seams) {
        return (base, tokenizer) -> new NativeMachine(base, tokenizer, settings, seams);
    }

    @Override
    public Generation submit(GenerationRequest request, @Nullable Grammar grammar) {
        return scheduler.submit(request, tokenizer, specials, residency, grammar);
    }

    @Override
    public Training training() {
        return training;
    }

    @Override
    public EngineStats stats() {
        return new EngineStats(scheduler.running(), scheduler.waiting(), residency.count(), decoder.openScopes());
    }

    @Override
    public void close() {
        house.close();
    }
}
