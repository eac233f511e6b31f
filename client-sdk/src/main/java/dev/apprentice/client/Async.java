package dev.apprentice.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Work on the client's executor. Cancelling it interrupts the thread, which ends the call and its connection. */
final class Async<T> extends CompletableFuture<T> {
    private volatile @Nullable Future<?> task;

    /** Work that may throw. */
    @FunctionalInterface
    interface Work<T> {
        T done() throws Exception;
    }

    private Async() {}

    static <T> CompletableFuture<T> start(ExecutorService executor, Work<T> work) {
        var async = new Async<T>();
        var task = executor.submit(() -> async.run(work));
        async.task = task;
        if (async.isCancelled()) {
            task.cancel(true);
        }
        return async;
    }

    private void run(Work<T> work) {
        try {
            complete(work.done());
        } catch (Throwable e) { // also errors: nobody else would ever hear of them
            completeExceptionally(e);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        var cancelled = super.cancel(mayInterruptIfRunning);
        var running = task;
        if (running != null) {
            running.cancel(true);
        }
        return cancelled;
    }

    /** A virtual thread for each task where this JVM has them (from Java 21 on), else pooled daemon threads. */
    static ExecutorService threads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newCachedThreadPool(work -> {
                var thread = new Thread(work, "apprentice-client");
                thread.setDaemon(true);
                return thread;
            });
        }
    }
}
