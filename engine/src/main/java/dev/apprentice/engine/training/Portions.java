package dev.apprentice.engine.training;

import dev.apprentice.engine.decoder.ComputePermit;
import java.util.ArrayList;
import java.util.List;

/**
 * How many rows one native pass takes. Many rows use the processor well; but a pass's pieces grow with its tokens, so
 * that passes are small while answers run: what a token costs is taken from the pass before.
 */
final class Portions {
    /**
     * Tokens of one pass. Activations take about 37 KB for each token and trained layer of the 135M base, so 0.35 GB in
     * all where 18 layers are trained; a longer row goes alone.
     */
    static final int MOST_TOKENS = 512;

    /**
     * Milliseconds that a piece may take while nobody is answered: a request that comes meanwhile waits for the rest of
     * it, however short the turn then becomes.
     */
    private static final int IDLE_PIECE = 50;

    /** For so many places the vocabulary's logits are computed in one piece: with gradients, 50 MB of the 135M base. */
    private static final int POSITIONS = 64;

    private static final int POSITIONS_BUSY = 8;

    /**
     * And on a GPU, whose operations begin too slowly for fewer to fill it: 2.8 GB of activations of a base of half a
     * billion weights, 1.4 MB for each token over all its layers.
     */
    static final int MOST_TOKENS_SHARED = 2048;

    private final ComputePermit permit;
    private final int tokensMax;
    private double tokensOfTurn;

    /** Portions of at most {@code tokensMax} tokens. */
    Portions(ComputePermit permit, int tokensMax) {
        this.permit = permit;
        this.tokensMax = tokensMax;
    }

    /** Takes note that the longest piece of a pass over {@code tokens} took {@code nanos}. */
    void took(int tokens, long nanos) {
        tokensOfTurn = tokens * (double) ComputePermit.BUSY.toNanos() / Math.max(1, nanos);
    }

    /** Places that are judged in one piece. */
    int positions() {
        return permit.busy() ? POSITIONS_BUSY : POSITIONS;
    }

    /** The first of {@code rows}, at least one: those that go into one pass as things are now. */
    List<TrainingRow> next(List<TrainingRow> rows) {
        double most = permit.busy() ? tokensOfTurn : tokensOfTurn * IDLE_PIECE / ComputePermit.BUSY.toMillis();
        most = tokensOfTurn == 0 && !permit.busy() ? tokensMax : Math.min(tokensMax, most);
        var portion = new ArrayList<TrainingRow>();
        int count = 0;
        for (var row : rows) {
            count += row.tokens().length;
            if (!portion.isEmpty() && count > most) {
                break;
            }
            portion.add(row);
        }
        return portion;
    }
}
