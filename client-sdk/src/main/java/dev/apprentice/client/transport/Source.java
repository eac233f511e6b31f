package dev.apprentice.client.transport;

import org.jspecify.annotations.Nullable;

/**
 * Things that come one after another, each when it is asked for: nothing is fetched ahead beyond a small, fixed buffer,
 * so that a slow reader slows the server down instead of filling the memory.
 *
 * @param <T> what comes
 */
public interface Source<T> extends AutoCloseable {
    /**
     * Waits for the next one; null at the end. One thread at a time.
     *
     * @return the next one, or null at the end
     */
    @Nullable
    T next();

    /** Tells the server to stop. May be called by any thread; one that waits in {@link #next} comes back. */
    @Override
    void close();
}
