package dev.apprentice.server.teaching;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.Lesson;
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
    private static final int PART = 200;

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
        var caller = Caller.of(request);
        var file = new LessonFile(Query.text(request, "instance").orElse(null), caller.name());
        var body = Body.bytes(request, TYPES, bodyBytesMax);
        var imported = ledger.giveAll(file.read(body, example -> ledger.check(example, caller::sees)));
        Reply.accepted(
                response,
                Wire.object()
                        .put("added", imported.added())
                        .put("known", imported.known())
                        .put("held", imported.held())
                        .put("superseded", imported.superseded()));
    }

    /** What holds and says what to answer, oldest first; opinions belong to answers that are not elsewhere. */
    private void hand(ServerRequest request, ServerResponse response) {
        var caller = Caller.of(request);
        var filter = new LessonFilter(
                Query.text(request, "instance").orElse(null),
                null,
                Query.text(request, "by").orElse(null));
        if (filter.instance() != null) {
            caller.mayUse(filter.instance());
        }
        response.header(HeaderNames.CONTENT_TYPE, JSON_LINES);
        try (var out = response.outputStream()) {
            String after = null;
            do {
                var part = ledger.list(filter, after, PART);
                for (var lesson : part.data()) {
                    if (caller.sees(lesson.instance()) && holds(lesson)) {
                        out.write(Wire.bytes(line(lesson)));
                        out.write('\n');
                    }
                }
                after = part.next();
            } while (after != null);
        } catch (IOException e) {
            throw new FailedException("client_gone", "the client went away during the export", Fault.NONE, e);
        }
    }

    private static boolean holds(Lesson lesson) {
        return lesson.kind().teaches() && lesson.state().active();
    }

    private static Object line(Lesson lesson) {
        var line = Wire.object().put("instance", lesson.instance());
        line.set("messages", LessonJson.messages(lesson.messages()));
        if (lesson.own().get("message") == null) {
            line.put("answer", lesson.answer());
        }
        lesson.own().forEach((field, value) -> line.set(field, Wire.value(value))); // an answer of calls, and the tools
        return line.put("by", lesson.by());
    }
}
