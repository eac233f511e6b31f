package dev.apprentice.server.teaching;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.LessonFilter;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Query;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;

/** Lessons by the file: JSON lines in and out. */
public final class LessonFilesDoor {
    private static final String JSON_LINES = "application/jsonl";
    private static final List<String> TYPES = List.of(
            JSON_LINES,
            "application/x-ndjson",
            "application/x-jsonlines",
            "application/json",
            "application/octet-stream",
            "text/plain");

    private final Ledger ledger;
    private final int bodyBytesMax;

    /** The door to {@code ledger}. */
    public LessonFilesDoor(Ledger ledger, int bodyBytesMax) {
        this.ledger = ledger;
        this.bodyBytesMax = bodyBytesMax;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/lessons:import", this::take);
        routes.get("/v1/lessons:export", this::hand);
    }

    /** All lines or none. */
    private void take(ServerRequest request, ServerResponse response) {
        var instance = Query.text(request, "instance").orElse(null);
        var body = Body.bytes(request, TYPES, bodyBytesMax);
        Reply.accepted(response, Wire.value(files(request).take(instance, body)));
    }

    private void hand(ServerRequest request, ServerResponse response) {
        var filter = new LessonFilter(
                Query.text(request, "instance").orElse(null),
                null,
                Query.text(request, "by").orElse(null));
        var files = files(request);
        files.check(filter);
        response.header(HeaderNames.CONTENT_TYPE, JSON_LINES);
        try (var out = response.outputStream()) {
            files.hand(filter, out::write);
        } catch (IOException e) {
            throw new FailedException("client_gone", "the client went away during the export", Fault.NONE, e);
        }
    }

    private LessonFiles files(ServerRequest request) {
        return new LessonFiles(ledger, Caller.of(request));
    }
}
