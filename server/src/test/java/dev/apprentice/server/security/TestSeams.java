package dev.apprentice.server.security;

import dev.apprentice.engine.Seams;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes on when a test says so. */
final class TestSeams extends Clock {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    Seams seams() {
        var real = Seams.real();
        return new Seams(this, real.seeds(), real.ids());
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
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
