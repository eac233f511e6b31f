package dev.apprentice.server.asking;

import java.util.ArrayList;
import java.util.List;

/** Several choices of one answer, read by one thread as they come; closing it gives up those that still run. */
public final class Chorus implements AutoCloseable {
    private final List<Told> all;
    private final List<Told> running;
    private int turn;

    /** What one of the voices says. */
    public record Voice(Told told, ToldEvent event) {}

    /** Reads {@code choices}, at least one. */
    public Chorus(List<Told> choices) {
        this.all = List.copyOf(choices);
        this.running = new ArrayList<>(choices);
    }

    /** The first choice, which knows what is common to all. */
    public Told first() {
        return all.getFirst();
    }

    /** All choices, in their order. */
    public List<Told> choices() {
        return all;
    }

    /** Whether all have ended. */
    public boolean ended() {
        return running.isEmpty();
    }

    /**
     * Waits for what happens next in any of them; not to be called after all have ended.
     *
     * <p>Choices are decoded in step, so the one whose turn it is has news as soon as any has; one that still waits for
     * a place in the batch is passed over while others speak.
     */
    public Voice next() throws InterruptedException {
        for (var i = 0; i < running.size(); i++) {
            var told = running.get((turn + i) % running.size());
            if (!told.idle()) {
                turn = (turn + i) % running.size();
                return say(told);
            }
        }
        turn = 0; // places are given in order, so the first one that runs is never the one that waits longest
        return say(running.getFirst());
    }

    private Voice say(Told told) throws InterruptedException {
        var event = told.next();
        if (event instanceof ToldEvent.Ended || event instanceof ToldEvent.Failed) {
            running.remove(told);
        } else {
            turn++;
        }
        return new Voice(told, event);
    }

    @Override
    public void close() {
        all.forEach(Told::close);
    }
}
