package dev.apprentice.engine;

import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.sampling.Grammar;
import dev.apprentice.engine.text.Tokenizer;
import dev.apprentice.engine.training.Training;
import org.jspecify.annotations.Nullable;

/**
 * What computes behind the engine's door: requests come checked and as tokens. There is one for use; a benchmark of
 * what lies in front of the door brings another that computes nothing. Thread-safe.
 */
public interface Machine extends AutoCloseable {

    /** Makes the machine for a model that is open; the model and the tokenizer stay the engine's. */
    @FunctionalInterface
    interface Maker {
        /** The machine that runs {@code base}. */
        Machine make(BaseModel base, Tokenizer tokenizer);
    }

    /**
     * Begins an answer.
     *
     * @param grammar that the answer is held to, or null
     * @throws OverloadedException when too many requests wait
     * @throws BadModelException when the adapter is missing or is not what its digest says
     */
    Generation submit(GenerationRequest request, @Nullable Grammar grammar);

    /** The primitives of learning on the same weights. */
    Training training();

    /** In what numbers it serves: two machines that say the same see the same hidden states. */
    String dtype();

    /** What it is doing now. */
    EngineStats stats();

    /** Ends all answers with {@link UnavailableException}. */
    @Override
    void close();
}
