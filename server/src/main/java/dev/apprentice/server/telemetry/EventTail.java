package dev.apprentice.server.telemetry;

import dev.apprentice.learner.event.Event;
import dev.apprentice.learner.event.Events;
import java.time.Duration;

/** Follows the list of events, counts what the learner does and tells of exams and promotions. */
final class EventTail implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int BATCH_MAX = 100;

    private final Events events;
    private final Metrics metrics;
    private final StudySpans studies;
    private final Thread thread;
    private volatile boolean closed;

    EventTail(Events events, Metrics metrics, StudySpans studies) {
        this.events = events;
        this.metrics = metrics;
        this.studies = studies;
        var seen = events.newest();
        this.thread = Thread.ofVirtual().name("telemetry").start(() -> follow(seen));
    }

    private void follow(long start) {
        var seen = start;
        try {
            while (!closed) {
                for (var event : events.after(seen, BATCH_MAX)) {
                    take(event);
                    seen = event.sequence();
                }
                events.await(seen, PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Event event) {
        switch (event.kind()) {
            case STUDY -> study(event);
            case EXAM -> {
                metrics.exams
                        .labelValues("passed".equals(event.data().path("result").asText()) ? "passed" : "failed")
                        .inc();
                studies.examined(event);
            }
            case PROMOTION -> {
                metrics.promotions.inc();
                studies.promoted(event);
            }
            case ROLLBACK -> metrics.rollbacks.inc();
            case BROKEN -> metrics.broken.inc();
            case LESSON, TRIAL -> {}
        }
    }

    private void study(Event event) {
        if (event.data().path("step").asInt() == 0) {
            metrics.studies.inc();
        }
        metrics.studyTokens.inc(event.data().path("tokens").asLong());
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(PATIENCE.multipliedBy(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
