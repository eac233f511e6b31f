package dev.apprentice.engine.decoder;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The mean hidden states of the bare base over one prompt, read piece by piece: all tokens of a piece attend to each
 * other at once, which takes memory and time with their number, and to the pieces before through keys and values. A
 * prompt of one piece needs none. Each {@link #advance} holds the {@link ComputePermit}; for one thread at a time.
 */
public final class Embedding implements Pieces, AutoCloseable {
    /** As many tokens as one serving step reads of prompts by default: an answer waits no longer for it. */
    public static final int PIECE_TOKENS = 256;

    private final Decoder decoder;
    private final int[] prompt;
    private final int[] layers;
    private final int pieceTokens;
    private final double[][] sums;
    private @Nullable RowCache cache;
    private int read;

    Embedding(Decoder decoder, int[] prompt, int[] layers, int pieceTokens) {
        this.decoder = decoder;
        this.prompt = prompt;
        this.layers = layers;
        this.pieceTokens = pieceTokens;
        this.sums = new double[layers.length][decoder.config().hidden()];
    }

    @Override
    public boolean unfinished() {
        return read < prompt.length;
    }

    @Override
    public void advance() {
        if (cache == null && prompt.length > pieceTokens) {
            cache = decoder.alone(prompt.length);
        }
        var piece = Arrays.copyOfRange(prompt, read, Math.min(prompt.length, read + pieceTokens));
        var means = decoder.means(piece, read, cache, layers);
        for (int i = 0; i < layers.length; i++) {
            for (int c = 0; c < sums[i].length; c++) {
                sums[i][c] += (double) piece.length * means[i][c];
            }
        }
        read += piece.length;
    }

    /** The means over all tokens, [layers, hidden], when nothing is unfinished. */
    public float[][] means() {
        assert !unfinished() : "read " + read + " of " + prompt.length;
        var means = new float[layers.length][];
        for (int i = 0; i < layers.length; i++) {
            means[i] = new float[sums[i].length];
            for (int c = 0; c < sums[i].length; c++) {
                means[i][c] = (float) (sums[i][c] / prompt.length);
            }
        }
        return means;
    }

    @Override
    public void close() {
        if (cache != null) {
            cache.close();
            cache = null;
        }
    }
}
