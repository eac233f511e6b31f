package dev.apprentice.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a root has opened, closed in reverse: everything is closed even if some of it fails, and the first failure
 * carries the others. Not thread-safe; closing twice is closing once.
 */
public final class Closing implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Closes {@code resource} later, before everything that was added earlier. */
    public <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Closes everything because of {@code cause}, which carries what fails meanwhile. */
    public void closeAfter(Throwable cause) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                cause.addSuppressed(e);
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }

    @Override
    public void close() {
        var failure =
                new FailedException("close_failed", "not everything could be closed", ApprenticeException.Fault.NONE);
        closeAfter(failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}
