package dev.apprentice.engine.decoder;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One native computation at a time: the right to compute passes between serving and learning. Two computations with two
 * threads each on two cores are several times slower together than one after the other.
 *
 * <p>Serving takes it for one step at a time and goes first. While answers run, learning gets it for one slice only
 * when it has had less than a twentieth of the time, so that a study starves neither people nor itself. Thread-safe.
 */
public final class ComputePermit {
    /** While answers run, a learning slice of t is followed by at least this many t for serving: 5 % of the time. */
    private static final int SERVING_SHARE = 19;

    /** How long a turn of learning should last while answers run, so that no reader sees it. */
    public static final Duration BUSY = Duration.ofMillis(15);

    /** And while none does: a request that comes meanwhile waits no longer. */
    private static final Duration IDLE = Duration.ofMillis(100);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean held;
    private long servingTickets;
    private long servingCalled;
    private boolean answering;
    private long learningEndedNanos;
    private long learningTookNanos;
    private long heldSinceNanos;

    /** The right to compute until closed. */
    public interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** Says whether answers that somebody waits for are running, for learning to hold back between their steps. */
    public void answering(boolean running) {
        lock.lock();
        try {
            if (answering != running) {
                answering = running;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a turn to serve, behind those who serve and came before: running answers and long prompts take turns.
     */
    public Turn serve() {
        lock.lock();
        try {
            long ticket = servingTickets++;
            while (held || ticket != servingCalled) {
                changed.awaitUninterruptibly();
            }
            servingCalled++;
            held = true;
            return () -> release(false);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a turn to learn, behind everyone who waits to serve. */
    public Turn learn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (held || servingWaits() || holdBackNanos() > 0) {
                if (held || servingWaits()) {
                    changed.await();
                } else {
                    var _ = changed.await(holdBackNanos(), TimeUnit.NANOSECONDS);
                }
            }
            held = true;
            heldSinceNanos = System.nanoTime();
            return () -> release(true);
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits for what learning holds up now. */
    public boolean busy() {
        lock.lock();
        try {
            return answering || servingWaits();
        } finally {
            lock.unlock();
        }
    }

    /** How long a turn of learning should last as things are now; a single piece may take longer. */
    public Duration turn() {
        return busy() ? BUSY : IDLE;
    }

    private boolean servingWaits() {
        return servingTickets > servingCalled;
    }

    private long holdBackNanos() {
        return answering ? learningEndedNanos + SERVING_SHARE * learningTookNanos - System.nanoTime() : 0;
    }

    private void release(boolean learned) {
        lock.lock();
        try {
            held = false;
            if (learned) {
                learningEndedNanos = System.nanoTime();
                learningTookNanos = learningEndedNanos - heldSinceNanos;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
