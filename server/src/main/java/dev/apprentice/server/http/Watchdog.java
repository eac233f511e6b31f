package dev.apprentice.server.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Cuts off clients that do not read their answers: each holds a thread and the answer's memory. A blocking write has no
 * timeout of its own, so a thread looks now and then which writes have lasted too long, and interrupts them. Closing
 * the socket would not do: over TLS that waits for the write. Interrupting a virtual thread closes the socket that it
 * writes to (JEP 444, "Networking"). Safe for use by many threads.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Watchdog.class.getName());

    private final long patienceNanos;
    private final Set<Write> writes = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    Watchdog(Duration patience) {
        this.patienceNanos = patience.toNanos();
        Thread.ofVirtual().name("write-watchdog").start(this::watch);
    }

    /** Runs {@code work}, which writes to a client, on this virtual thread. */
    void over(Runnable work) {
        var write = new Write(Thread.currentThread(), System.nanoTime());
        writes.add(write);
        try {
            work.run();
        } finally {
            writes.remove(write);
            write.end();
        }
    }

    private void watch() {
        try {
            while (!closed.await(patienceNanos / 4, TimeUnit.NANOSECONDS)) {
                var since = System.nanoTime() - patienceNanos;
                writes.stream().filter(write -> write.startNanos - since < 0).forEach(Write::cutOff);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /** One write; it is interrupted while it lasts, or not at all. */
    private static final class Write {
        private final Thread thread;
        private final long startNanos;
        private boolean over;
        private boolean cutOff;

        Write(Thread thread, long startNanos) {
            this.thread = thread;
            this.startNanos = startNanos;
        }

        synchronized void cutOff() {
            if (!over && !cutOff) {
                cutOff = true;
                LOG.log(Level.INFO, "event=client_cut_off reason=answer_unread");
                thread.interrupt();
            }
        }

        synchronized void end() {
            over = true;
            if (cutOff) {
                Thread.interrupted(); // it was for the write
            }
        }
    }
}
