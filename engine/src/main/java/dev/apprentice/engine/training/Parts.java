package dev.apprentice.engine.training;

import dev.apprentice.engine.decoder.Pieces;
import java.util.function.IntConsumer;

/** The same for each of some parts, one after the other. */
final class Parts implements Pieces {
    private final int count;
    private final IntConsumer each;
    private int next;

    Parts(int count, IntConsumer each) {
        this.count = count;
        this.each = each;
    }

    @Override
    public boolean unfinished() {
        return next < count;
    }

    @Override
    public void advance() {
        each.accept(next++);
    }
}
