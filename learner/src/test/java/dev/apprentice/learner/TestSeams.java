package dev.apprentice.learner;

import dev.apprentice.engine.Seams;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Time that stands until it is moved, and ids that count. */
public final class TestSeams extends Clock {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicLong next = new AtomicLong();

    /** Seams over this time. */
    public Seams seams() {
        return new Seams(this, next::incrementAndGet, () -> "%026x".formatted(next.incrementAndGet()));
    }

    /** Lets {@code time} pass. */
    public void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
