package dev.apprentice.engine.model.hub;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Waits between two tries; tests replace it and see how long they would have waited. */
@FunctionalInterface
interface Pause {

    void pause(Duration duration) throws InterruptedException;

    /** Waits by the wall clock; nobody ever releases the permit. */
    static Pause real() {
        return duration -> {
            var released = new Semaphore(0).tryAcquire(duration.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
            assert !released;
        };
    }
}
