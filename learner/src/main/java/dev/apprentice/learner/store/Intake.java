package dev.apprentice.learner.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the writer, in the order in which it came. To wake a thread and to make an fsync costs more than most
 * of its work, so company is looked for where that delays nobody or many are there. A piece that somebody waits for is
 * taken at once when the writer is free; only where others came while it was busy may they wait a little for more. What
 * nobody waits for lets it sleep: it goes with the next piece that somebody waits for, or when its time is over. Safe
 * for use by many threads; one takes.
 */
final class Intake<T> {
    /** How long what nobody waits for may wait for company. */
    private static final Duration LINGER = Duration.ofMillis(5);

    /** How long those who came while the writer was busy wait for more of them. */
    private static final Duration GATHERING = Duration.ofMillis(1);

    /** How many pieces share a transaction, at most: bounds how long the first of them waits for the last. */
    private static final int BATCH_MAX = 256;

    /** How many pieces may wait: above it, whoever hands one in waits too. */
    private static final int QUEUE_MAX = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition come = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<T> queue = new ArrayDeque<>();

    /** Whether the one who takes has to go on: somebody waits for a piece that is here. */
    private boolean urgent;

    /** Whether he sleeps without an end, so that any piece has to wake him. */
    private boolean asleep;

    private boolean closing;

    /**
     * Takes {@code piece} in; false if this was closed before.
     *
     * @param awaited whether somebody waits for it
     */
    boolean put(T piece, boolean awaited) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closing && queue.size() >= QUEUE_MAX) {
                room.await();
            }
            if (closing) {
                return false;
            }
            queue.add(piece);
            boolean due = awaited || queue.size() >= BATCH_MAX;
            if (asleep || (due && !urgent)) {
                come.signal();
            }
            urgent |= due;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for pieces and moves some to {@code batch}; false if there are none and there will be none. */
    boolean take(List<? super T> batch) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (urgent) {
                gather();
            } else {
                rest();
            }
            while (queue.isEmpty()) {
                if (closing) {
                    return false;
                }
                asleep = true;
                try {
                    come.await();
                } finally {
                    asleep = false;
                }
                rest();
            }
            while (batch.size() < BATCH_MAX && !queue.isEmpty()) {
                batch.add(queue.remove());
            }
            urgent = !queue.isEmpty();
            room.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets others join those who came while the writer was busy. */
    private void gather() throws InterruptedException {
        long left = GATHERING.toNanos();
        while (!closing && left > 0 && queue.size() < BATCH_MAX) {
            left = come.awaitNanos(left);
        }
    }

    /** Lets what nobody waits for gather. */
    private void rest() throws InterruptedException {
        long left = LINGER.toNanos();
        while (!urgent && !closing && left > 0) {
            left = come.awaitNanos(left);
        }
    }

    /** From here on nothing is taken in. */
    void close() {
        lock.lock();
        try {
            closing = true;
            come.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
