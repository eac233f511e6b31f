package dev.apprentice.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.learner.event.Event;
import dev.apprentice.learner.event.Events;
import dev.apprentice.server.http.EventStream;
import dev.apprentice.server.http.Presence;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Locale;

/** What happens to instances, as it happens. */
public final class EventsDoor {
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
    private static final int BATCH_MAX = 100;

    private final Events events;
    private final Presence presence;
    private final Duration commentEvery;

    /** The door to {@code events}. */
    public EventsDoor(Events events, Presence presence, Duration commentEvery) {
        this.events = events;
        this.presence = presence;
        this.commentEvery = commentEvery;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.get("/v1/events", this::watch);
    }

    /**
     * Goes on after the event that the client has seen last, else with what happens from now on, until it goes away.
     */
    private void watch(ServerRequest request, ServerResponse response) {
        var seen =
                request.headers().first(LAST_EVENT_ID).map(EventsDoor::sequence).orElseGet(events::newest);
        var caller = Caller.of(request);
        try (var _ = presence.listen();
                var stream = EventStream.on(response, commentEvery)) {
            stream.open();
            while (true) {
                for (var event : events.after(seen, BATCH_MAX)) {
                    if (caller.sees(event.instance())) {
                        stream.send(event.sequence(), word(event), Wire.bytes(json(event)));
                    }
                    seen = event.sequence();
                }
                events.await(seen, commentEvery);
            }
        } catch (InterruptedException e) {
            throw new CloseConnectionException("nobody listens any more, or the server stops", e);
        }
    }

    private static ObjectNode json(Event event) {
        var json = Wire.object()
                .put("instance", event.instance())
                .put("at", event.at().toString());
        json.set("data", event.data());
        return json;
    }

    private static String word(Event event) {
        return event.kind().name().toLowerCase(Locale.ROOT);
    }

    private static long sequence(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            var expected = "the id of an event";
            throw new InvalidRequestException(
                    "invalid_value",
                    "Last-Event-ID must be " + expected + ", found " + id,
                    Fault.of("Last-Event-ID", expected, id),
                    e);
        }
    }
}
