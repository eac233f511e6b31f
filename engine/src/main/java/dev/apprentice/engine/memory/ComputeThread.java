package dev.apprentice.engine.memory;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that computes natively, whoever asks. The native libraries' parallel loops (OpenMP) give each thread
 * that ever computed a team of helpers of its own; with more members in all teams than the machine has processors, they
 * no longer wait for each other by spinning but by system calls, between each two operations of a step. Thread-safe.
 */
final class ComputeThread implements AutoCloseable {
    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().name("compute").daemon().unstarted(this::work);
    private volatile boolean closed;

    /** Starts it. */
    static ComputeThread start() {
        var compute = new ComputeThread();
        compute.thread.start();
        return compute;
    }

    /**
     * Computes {@code work} and waits for it, interrupted or not: native memory must not be given back under it. Work
     * that asks for more work does it itself. What is asked for after the end, and that is giving memory back, is done
     * by who asks.
     */
    <T> T call(Supplier<T> work) {
        if (closed || Thread.currentThread() == thread) {
            return work.get();
        }
        var task = new FutureTask<T>(work::get);
        queue.add(task);
        if (closed && queue.remove(task)) { // it came too late for the thread
            task.run();
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException(cause); // a supplier throws no other
        };
    }

    private void work() {
        try {
            while (!closed) {
                queue.take().run();
            }
            for (var late = queue.poll(); late != null; late = queue.poll()) {
                late.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it when the work that was asked for is done. */
    @Override
    public void close() {
        call(() -> closed = true);
    }
}
