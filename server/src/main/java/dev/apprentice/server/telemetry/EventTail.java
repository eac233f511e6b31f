package dev.apprentice.server.telemetry;

import dev.apprentice.learner.event.Event;
import dev.apprentice.learner.event.Events;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Follows the list of events and counts what the learner does; a study and an exam become spans of their own. */
final class EventTail implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int BATCH_MAX = 100;

    private final Events events;
    private final Metrics metrics;
    private final Tracer tracer;
    private final Map<String, Span> studying = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    EventTail(Events events, Metrics metrics, Tracer tracer) {
        this.events = events;
        this.metrics = metrics;
        this.tracer = tracer;
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
                span("exam", event).setStartTimestamp(event.at()).startSpan().end(event.at());
            }
            case PROMOTION -> metrics.promotions.inc();
            case ROLLBACK -> metrics.rollbacks.inc();
            case BROKEN -> metrics.broken.inc();
            case LESSON -> {}
        }
    }

    private void study(Event event) {
        var step = event.data().path("step").asInt();
        if (step == 0) {
            metrics.studies.inc();
            studying.put(
                    event.instance(),
                    span("study", event).setStartTimestamp(event.at()).startSpan());
        }
        metrics.studyTokens.inc(event.data().path("tokens").asLong());
        if (step + 1 >= event.data().path("steps").asInt()) {
            var span = studying.remove(event.instance());
            if (span != null) {
                span.setAttribute("apprentice.study.steps", step + 1L).end(event.at());
            }
        }
    }

    private io.opentelemetry.api.trace.SpanBuilder span(String name, Event event) {
        return tracer.spanBuilder(name).setNoParent().setAttribute("apprentice.instance", event.instance());
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
