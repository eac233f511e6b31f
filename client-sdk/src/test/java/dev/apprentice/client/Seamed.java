package dev.apprentice.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A clock that stands, chance that is always 1, ids that are counted, and waits that are written down. */
final class Seamed implements Seams {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final List<Duration> waits = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();

    /** What the client would have waited between tries. */
    List<Duration> waits() {
        return waits;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.fixed(NOW);
    }

    @Override
    public double chance() {
        return 1;
    }

    @Override
    public String id() {
        return "id-" + ids.incrementAndGet();
    }

    @Override
    public void pause(Duration wait) {
        waits.add(wait);
    }
}
