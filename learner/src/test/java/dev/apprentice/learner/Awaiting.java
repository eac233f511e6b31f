package dev.apprentice.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do and say nothing of. */
public final class Awaiting {
    private Awaiting() {}

    /** Until {@code condition} holds, which it must within {@code patience}. */
    public static void until(BooleanSupplier condition, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            var _ = new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
        }
    }
}
