package dev.apprentice.client.http;

import dev.apprentice.client.admin.Event;
import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.error.DeadlineException;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.transport.Deadline;
import dev.apprentice.client.transport.Source;
import dev.apprentice.client.value.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The events of one connection. The server comments where nothing happens, so silence means that it has gone. */
final class EventSource implements Source<Event> {
    private final SseReader events;
    private final EventQuery query;
    private final Duration silenceMax;

    EventSource(SseReader events, EventQuery query, Duration silenceMax) {
        this.events = events;
        this.query = query;
        this.silenceMax = silenceMax;
    }

    @Override
    public @Nullable Event next() {
        while (true) {
            var event = read();
            if (event == null) {
                return null;
            }
            if (query.instance().isEmpty() || query.instance().get().equals(event.instance())) {
                return event;
            }
        }
    }

    private @Nullable Event read() {
        try {
            var sse = events.next(() -> Deadline.in(silenceMax));
            return sse == null ? null : event(sse);
        } catch (DeadlineException e) {
            throw ConnectionException.broken("nothing was heard for " + silenceMax.toMillis() + " ms", e);
        }
    }

    private static Event event(SseReader.Sse sse) {
        var json = Wire.read(sse.data().getBytes(StandardCharsets.UTF_8));
        if (sse.id() == null) {
            throw new ProtocolException("expected an id with an event, found none");
        }
        try {
            return Event.of(json.put("sequence", Long.parseLong(sse.id())).put("kind", sse.name()));
        } catch (NumberFormatException e) {
            throw new ProtocolException("expected a number as the id of an event", e);
        }
    }

    @Override
    public void close() {
        events.close();
    }
}
