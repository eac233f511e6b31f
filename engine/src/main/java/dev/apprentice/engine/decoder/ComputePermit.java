package dev.apprentice.engine.decoder;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * One native computation at a time: the right to compute passes between serving and learning. Two computations with two
 * threads each on two cores are several times slower together than one after the other.
 *
 * <p>Serving takes it for one step at a time and goes first. While answers run, learning gets it for one slice only
 * when it has had less than a twentieth of the time, so that a study starves neither people nor itself. For a moment
 * after each step it holds back in the same way, because one request computes several times with something else in
 * between (it is looked at, then read): as disk schedulers do (Iyer and Druschel 2001, "Anticipatory scheduling"). And
 * for a while after the last one its slices stay short, since where somebody asked, somebody will soon ask again.
 * Thread-safe.
 */
public final class ComputePermit {
    /** While answers run, a learning slice of t is followed by at least this many t for serving: 5 % of the time. */
    private static final int SERVING_SHARE = 19;

    /** How long a turn of learning should last while answers run, so that no reader sees it. */
    public static final Duration BUSY = Duration.ofMillis(15);

    /** And while none does: a request that comes meanwhile waits no longer. */
    private static final Duration IDLE = Duration.ofMillis(100);

    /** So long after a step the same request may come with its next one. */
    private static final Duration NEXT = Duration.ofMillis(10);

    /** And so long somebody else may. */
    private static final Duration RECENT = Duration.ofSeconds(2);

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean held;
    private long servingTickets;
    private long servingCalled;
    private boolean answering;
    private long learningEndedNanos;
    private long learningTookNanos;
    private long heldSinceNanos;
    private long servedNanos;

    /** By the system's clock. */
    public ComputePermit() {
        this(System::nanoTime);
    }

    ComputePermit(LongSupplier nanos) {
        this.nanos = nanos;
        servedNanos = nanos.getAsLong() - RECENT.toNanos();
    }

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
            heldSinceNanos = nanos.getAsLong();
            return () -> release(true);
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits for what learning holds up now, or is likely to come soon. */
    public boolean busy() {
        lock.lock();
        try {
            return answering || servingWaits() || nanos.getAsLong() - servedNanos < RECENT.toNanos();
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
        long now = nanos.getAsLong();
        long share = learningEndedNanos + SERVING_SHARE * learningTookNanos - now;
        return answering ? share : Math.min(share, servedNanos + NEXT.toNanos() - now);
    }

    private void release(boolean learned) {
        lock.lock();
        try {
            held = false;
            long now = nanos.getAsLong();
            if (learned) {
                learningEndedNanos = now;
                learningTookNanos = now - heldSinceNanos;
            } else {
                servedNanos = now;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
