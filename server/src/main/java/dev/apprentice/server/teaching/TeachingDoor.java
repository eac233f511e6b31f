package dev.apprentice.server.teaching;

import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.LessonFilter;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Query;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Locale;
import java.util.Set;

/** Feedback and the lessons that are made of it. */
public final class TeachingDoor {
    private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");

    private final Ledger ledger;
    private final int bodyBytesMax;

    /** The door to {@code ledger}. */
    public TeachingDoor(Ledger ledger, int bodyBytesMax) {
        this.ledger = ledger;
        this.bodyBytesMax = bodyBytesMax;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/feedback", this::give);
        routes.get("/v1/lessons", this::list);
        routes.get("/v1/lessons/{id}", this::get);
        routes.patch("/v1/lessons/{id}", this::pin);
        routes.delete("/v1/lessons/{id}", this::withdraw);
        routes.post("/v1/lessons:withdraw", this::withdrawAll);
    }

    private void give(ServerRequest request, ServerResponse response) {
        var caller = Caller.of(request);
        var feedback = FeedbackReader.read(Body.json(request, bodyBytesMax), caller.name());
        var key = request.headers().first(IDEMPOTENCY_KEY).orElse(null);
        var lesson = ledger.give(feedback, key, caller.keyScope(), caller::sees);
        Reply.accepted(
                response,
                Wire.object()
                        .put("id", lesson.id())
                        .put("state", lesson.state().name().toLowerCase(Locale.ROOT)));
    }

    private void list(ServerRequest request, ServerResponse response) {
        var filter = new LessonFilter(
                Query.text(request, "instance").orElse(null),
                Query.text(request, "state").map(LessonState::of).orElse(null),
                Query.text(request, "by").orElse(null));
        var page = new Reach(ledger, Caller.of(request))
                .list(filter, Query.text(request, "after").orElse(null), Query.limit(request));
        Reply.page(response, page.data().stream().map(LessonJson::of).toList(), page.next());
    }

    private void get(ServerRequest request, ServerResponse response) {
        Reply.ok(response, LessonJson.of(ledger.get(seen(request))));
    }

    /** Pins, or decides that what is held holds. */
    private void pin(ServerRequest request, ServerResponse response) {
        var body = Body.json(request, bodyBytesMax);
        body.only(Set.of("pinned", "held"));
        var pinned = body.bool("pinned");
        var held = body.bool("held");
        if (pinned.isEmpty() && held.isEmpty()) {
            throw body.missing("pinned", "true or false");
        }
        if (held.orElse(false)) {
            throw body.wrongValue(
                    "held",
                    "false: a lesson is held by what contradicts it",
                    body.value("held").orElseThrow());
        }
        var id = seen(request);
        if (held.isPresent()) {
            var _ = ledger.release(id);
        }
        pinned.ifPresent(pin -> ledger.pin(id, pin));
        Reply.ok(response, LessonJson.of(ledger.get(id)));
    }

    /** Gone from recall at once; what weights have learnt of it leaves them by a rebuild in the background. */
    private void withdraw(ServerRequest request, ServerResponse response) {
        var lesson = ledger.withdraw(seen(request));
        Reply.accepted(
                response,
                LessonJson.of(lesson)
                        .put(
                                "note",
                                lesson.checkpoint() == null
                                        ? "gone from recall; no checkpoint has learnt it"
                                        : "gone from recall; checkpoints from " + lesson.checkpoint()
                                                + " on may know it, so live weights that do are built anew without it"));
    }

    /** The same for all that a filter means. */
    private void withdrawAll(ServerRequest request, ServerResponse response) {
        var gone = new Reach(ledger, Caller.of(request)).withdraw(Body.json(request, bodyBytesMax));
        Reply.accepted(response, Wire.value(gone));
    }

    /** The id of a lesson that exists for the caller. */
    private String seen(ServerRequest request) {
        var id = request.path().pathParameters().get("id");
        return new Reach(ledger, Caller.of(request)).lesson(id).id();
    }
}
