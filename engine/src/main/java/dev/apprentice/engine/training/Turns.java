package dev.apprentice.engine.training;

import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Pieces;
import java.util.function.LongSupplier;

/**
 * Cuts learning into turns of the {@link ComputePermit}: a turn takes as many pieces as fit into the time that the
 * permit grants just then, judged by the piece before, and at least one.
 */
final class Turns {
    private final ComputePermit permit;
    private final LongSupplier nanos;

    Turns(ComputePermit permit, LongSupplier nanos) {
        this.permit = permit;
        this.nanos = nanos;
    }

    /**
     * Computes all of {@code pieces}.
     *
     * @return how long the longest took, in nanoseconds
     */
    long through(Pieces pieces) throws InterruptedException {
        long longest = 0;
        while (pieces.unfinished()) {
            try (var _ = permit.learn()) {
                long began = nanos.getAsLong();
                long now = began;
                long piece;
                do {
                    long before = now;
                    pieces.advance();
                    now = nanos.getAsLong();
                    piece = now - before;
                    longest = Math.max(longest, piece);
                } while (pieces.unfinished()
                        && now - began + piece <= permit.turn().toNanos());
            }
        }
        return longest;
    }
}
