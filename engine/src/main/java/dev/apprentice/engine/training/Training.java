package dev.apprentice.engine.training;

import dev.apprentice.engine.model.LoraAdapter;
import org.jspecify.annotations.Nullable;

/** The door of the training primitives. Safe for use by several threads. */
public interface Training {

    /**
     * A student that goes on from {@code start}, or from a fresh adapter (A Kaiming-uniform, B zero) where it is null.
     * Modules that the plan names and {@code start} lacks are fresh; those outside the plan are refused.
     *
     * @param seed of the fresh adapter and of dropout
     */
    Student student(AdapterPlan plan, @Nullable LoraAdapter start, long seed);

    /**
     * What the bare base says at the tokens from {@code answerStart} on: place i predicts {@code tokens[answerStart +
     * i]}.
     */
    TopLogprobs baseTop(int[] tokens, int answerStart, int k) throws InterruptedException;

    /**
     * Mean hidden states of the bare base over all of a prompt's tokens. Counts as serving, since a request waits for
     * it; any thread may ask. A long prompt is read in pieces, between which answers go on; one such at a time, because
     * its keys and values take as much memory as those of an answer.
     *
     * @param layers 0 is the embedding, the model's layer count the state after the final norm
     * @return [layers, hidden]
     */
    float[][] embed(int[] prompt, int[] layers);

    /** In which arithmetic {@link #embed} computes: hidden states of two differ a little. */
    default String dtype() {
        return "fp32";
    }
}
