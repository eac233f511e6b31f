package dev.apprentice.engine.model;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.BadModelException;

/**
 * The shape of a decoder-only transformer, the same for every file format.
 *
 * @param family which family it belongs to
 * @param layers number of decoder layers
 * @param hidden width of the residual stream
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim width of one head; {@code heads × headDim} may differ from {@code hidden}
 * @param intermediate width of the gated feed-forward layer
 * @param vocabulary rows of the embedding; the tokenizer may have fewer ids
 * @param contextTokens the usable window: trained positions, capped to the sliding window within which full attention
 *     is exact
 * @param rmsEpsilon added to the mean square in RMS norms
 * @param rope rotary embedding
 * @param tied whether the output head is the embedding
 * @param qkvBias whether q, k and v projections have a bias
 * @param outBias whether the attention's output projection has a bias
 * @param mlpBias whether gate, up and down projections have a bias
 * @param qkNorm whether queries and keys pass an RMS norm per head before rotation
 */
public record ModelConfig(
        Family family,
        int layers,
        int hidden,
        int heads,
        int kvHeads,
        int headDim,
        int intermediate,
        int vocabulary,
        int contextTokens,
        double rmsEpsilon,
        Rope rope,
        boolean tied,
        boolean qkvBias,
        boolean outBias,
        boolean mlpBias,
        boolean qkNorm) {

    static final int LAYERS_MAX = 4096;
    static final int WIDTH_MAX = 1 << 20;
    static final int HEADS_MAX = 4096;
    static final int HEAD_DIM_MAX = 4096;
    static final int VOCABULARY_MAX = 1 << 22;

    /** Throws {@link BadModelException} naming the component that is out of range or contradicts another. */
    public ModelConfig {
        within("layers", layers, LAYERS_MAX);
        within("hidden", hidden, WIDTH_MAX);
        within("heads", heads, HEADS_MAX);
        within("kvHeads", kvHeads, heads);
        within("headDim", headDim, HEAD_DIM_MAX);
        within("intermediate", intermediate, WIDTH_MAX);
        within("vocabulary", vocabulary, VOCABULARY_MAX);
        within("contextTokens", contextTokens, Integer.MAX_VALUE);
        if (heads % kvHeads != 0) {
            throw wrong("kvHeads", "a divisor of the " + heads + " heads", String.valueOf(kvHeads));
        }
        if (headDim % 2 != 0) {
            throw wrong("headDim", "an even number", String.valueOf(headDim));
        }
        if (!(rmsEpsilon >= 0 && rmsEpsilon < 1)) {
            throw wrong("rmsEpsilon", "a number in [0, 1)", String.valueOf(rmsEpsilon));
        }
        if (rope.inverseFrequencies().length != headDim / 2) {
            throw wrong("rope", headDim / 2 + " frequencies", String.valueOf(rope.inverseFrequencies().length));
        }
        for (float frequency : rope.inverseFrequencies()) {
            if (!(Math.abs(frequency) <= Float.MAX_VALUE)) {
                throw wrong("rope", "finite frequencies", String.valueOf(frequency));
            }
        }
    }

    private static void within(String component, int value, int max) {
        if (value < 1 || value > max) {
            throw wrong(component, "a whole number from 1 to " + max, String.valueOf(value));
        }
    }

    private static BadModelException wrong(String component, String expected, String found) {
        return new BadModelException(
                "model_contradictory",
                component + ": expected " + expected + ", found " + found,
                Fault.of(component, expected, found));
    }
}
