package dev.apprentice.engine.decoder;

/** A long computation in short pieces, between which others may compute. */
public interface Pieces {
    /** Whether there is more to compute. */
    boolean unfinished();

    /** Computes the next piece. */
    void advance();
}
