package dev.apprentice.server.grpc;

import dev.apprentice.client.grpc.ProtoJson;
import dev.apprentice.client.v1.Event;
import dev.apprentice.client.v1.EventsGrpc;
import dev.apprentice.client.v1.WatchRequest;
import dev.apprentice.learner.event.Events;
import dev.apprentice.server.http.Presence;
import dev.apprentice.server.http.Watch;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Locale;

/** What happens, told until the client goes away or the server stops. */
final class EventsService extends EventsGrpc.EventsImplBase {
    private static final int BATCH_MAX = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Events events;
    private final Presence presence;

    EventsService(Events events, Presence presence) {
        this.events = events;
        this.presence = presence;
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<Event> out) {
        var visit = Visit.current();
        var seen = request.getAfter() > 0 ? request.getAfter() : events.newest();
        try (var watch = presence.listen()) {
            visit.greet(); // whoever hears this misses nothing that happens from now on
            try {
                while (true) {
                    for (var event : events.after(seen, BATCH_MAX)) {
                        if (isWanted(event, request, visit)) {
                            out.onNext(proto(event));
                        }
                        seen = event.sequence();
                    }
                    var from = seen;
                    visit.waiting(() -> events.await(from, PATIENCE));
                }
            } catch (InterruptedException e) {
                throw watch.cause() == Watch.Cause.STOPPING ? watch.givenUp(e) : visit.givenUp(e);
            }
        }
    }

    private static boolean isWanted(dev.apprentice.learner.event.Event event, WatchRequest request, Visit visit) {
        return visit.caller().sees(event.instance())
                && (!request.hasInstance() || request.getInstance().equals(event.instance()));
    }

    private static Event proto(dev.apprentice.learner.event.Event event) {
        return Event.newBuilder()
                .setSequence(event.sequence())
                .setKind(event.kind().name().toLowerCase(Locale.ROOT))
                .setInstance(event.instance())
                .setData(ProtoJson.struct(event.data()))
                .setAt(AnswerProto.time(event.at()))
                .build();
    }
}
