package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.learner.Learner;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;

/** Who can be asked: instances, and the base itself. */
public final class ModelsDoor {
    private final Learner learner;
    private final Instant opened;

    /** The door to the models of {@code learner}, which was opened at {@code opened}. */
    public ModelsDoor(Learner learner, Instant opened) {
        this.learner = learner;
        this.opened = opened;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.get("/v1/models", this::list);
        routes.get(
                "/v1/models/{+id}", this::get); // with + a name that holds a slash is a name too, and not found as one
    }

    private void list(ServerRequest request, ServerResponse response) {
        var list = Wire.object().put("object", "list");
        var data = list.putArray("data");
        var caller = Caller.of(request);
        learner.models().stream().filter(caller::sees).forEach(model -> data.add(json(model)));
        Reply.ok(response, list);
    }

    private void get(ServerRequest request, ServerResponse response) {
        var id = request.path().pathParameters().get("id");
        Caller.of(request).mayAsk(id);
        learner.agent(id); // refuses what cannot be asked
        Reply.ok(response, json(id));
    }

    private ObjectNode json(String model) {
        return Wire.object()
                .put("id", model)
                .put("object", "model")
                .put("created", opened.getEpochSecond())
                .put("owned_by", "apprentice");
    }
}
