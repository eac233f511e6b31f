package dev.apprentice.server.admin;

import dev.apprentice.learner.Learner;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Wire;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** How an instance learns: waking its study, and the report of what became of it. */
public final class LearningDoor {
    private static final String MARKDOWN = "text/markdown";

    private final Learner learner;
    private final int bodyBytesMax;

    /** The door to the studies of {@code learner}. */
    public LearningDoor(Learner learner, int bodyBytesMax) {
        this.learner = learner;
        this.bodyBytesMax = bodyBytesMax;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/instances/{id}/study", this::study);
        routes.get("/v1/instances/{id}/report", this::report);
        routes.later("POST", "/v1/instances/{id}/merge", "merging instances");
    }

    private void study(ServerRequest request, ServerResponse response) {
        var id = InstancesDoor.id(request);
        var body = Body.jsonOrEmpty(request, bodyBytesMax);
        body.only(Set.of("rebuild"));
        if (body.bool("rebuild").orElse(false)) {
            learner.rebuild(id);
        } else {
            learner.study(id);
        }
        Reply.accepted(response, Wire.object().put("instance", id));
    }

    private void report(ServerRequest request, ServerResponse response) {
        var id = InstancesDoor.id(request);
        var accept = request.headers().first(HeaderNames.ACCEPT).orElse("");
        if (accept.contains(MARKDOWN)) {
            Reply.bytes(
                    response,
                    MARKDOWN + "; charset=utf-8",
                    ReportMarkdown.of(learner.report(id)).getBytes(StandardCharsets.UTF_8));
        } else {
            Reply.ok(response, ReportJson.of(learner, id));
        }
    }
}
