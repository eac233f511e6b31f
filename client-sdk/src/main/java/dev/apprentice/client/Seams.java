package dev.apprentice.client;

import dev.apprentice.client.error.CancelledException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** What a test replaces: the clock, chance, ids and waiting. */
interface Seams {
    /** Those of the machine. */
    Seams REAL = new Seams() {};

    /** What HTTP dates are compared with. */
    default InstantSource clock() {
        return InstantSource.system();
    }

    /** A number from 0 to 1. */
    default double chance() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** An id that nobody else has. */
    default String id() {
        return UUID.randomUUID().toString();
    }

    /** Waits. */
    default void pause(Duration wait) {
        try {
            var never = new CountDownLatch(1).await(wait.toNanos(), TimeUnit.NANOSECONDS);
            assert !never;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while waiting for the next try", e);
        }
    }
}
