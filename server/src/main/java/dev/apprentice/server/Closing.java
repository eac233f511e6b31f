package dev.apprentice.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Closes what was opened, in reverse order, each thing exactly once. A failure to close one thing does not keep the
 * others open: the first is thrown at the end, later ones are suppressed in it.
 */
public final class Closing implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Remembers {@code thing} and returns it. */
    public synchronized <T extends AutoCloseable> T add(T thing) {
        open.push(thing);
        return thing;
    }

    @Override
    public synchronized void close() {
        RuntimeException failure = null;
        while (!open.isEmpty()) {
            failure = close(open.pop(), failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable RuntimeException close(AutoCloseable thing, @Nullable RuntimeException earlier) {
        try {
            thing.close();
            return earlier;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (earlier != null) {
                earlier.addSuppressed(e);
                return earlier;
            }
            return e instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(
                            "could not close " + thing.getClass().getSimpleName(), e);
        }
    }
}
