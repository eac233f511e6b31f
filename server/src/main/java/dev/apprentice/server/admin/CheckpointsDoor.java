package dev.apprentice.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.learner.checkpoint.Checkpoint;
import dev.apprentice.learner.checkpoint.Checkpoints;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The immutable versions of each instance. */
public final class CheckpointsDoor {
    private static final String ZIP = "application/zip";

    private final Checkpoints checkpoints;
    private final int bodyBytesMax;
    private final int uploadBytesMax;

    /** The door to {@code checkpoints}. */
    public CheckpointsDoor(Checkpoints checkpoints, int bodyBytesMax, int uploadBytesMax) {
        this.checkpoints = checkpoints;
        this.bodyBytesMax = bodyBytesMax;
        this.uploadBytesMax = uploadBytesMax;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.get("/v1/instances/{id}/checkpoints", this::list);
        routes.post("/v1/instances/{id}/checkpoints", this::upload);
        routes.get("/v1/instances/{id}/checkpoints/{n}", this::get);
        routes.get("/v1/instances/{id}/checkpoints/{n}/adapter", this::download);
        routes.post("/v1/instances/{id}/checkpoints/{n}/promote", this::promote);
        routes.post("/v1/instances/{id}/checkpoints/{n}/withdraw", this::withdraw);
        routes.post("/v1/instances/{id}/rollback", this::rollback);
    }

    private void list(ServerRequest request, ServerResponse response) {
        var all = checkpoints.list(InstancesDoor.id(request));
        Reply.page(response, all.stream().map(CheckpointsDoor::json).toList(), null);
    }

    private void upload(ServerRequest request, ServerResponse response) {
        var instance = InstancesDoor.id(request);
        var zip = Body.bytes(request, ZIP, uploadBytesMax);
        var checkpoint = AdapterUpload.into(
                checkpoints, instance, zip, Caller.of(request).name());
        Reply.created(response, "/v1/instances/" + instance + "/checkpoints/" + checkpoint.number(), json(checkpoint));
    }

    private void get(ServerRequest request, ServerResponse response) {
        Reply.ok(response, json(checkpoints.get(InstancesDoor.id(request), which(request))));
    }

    private void download(ServerRequest request, ServerResponse response) {
        var instance = InstancesDoor.id(request);
        var number = number(which(request));
        var zip = checkpoints.download(instance, number);
        response.header(
                HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + instance + "-" + number + ".zip\"");
        Reply.bytes(response, ZIP, zip);
    }

    private void promote(ServerRequest request, ServerResponse response) {
        var body = Body.jsonOrEmpty(request, bodyBytesMax);
        body.only(Set.of("force", "as"));
        var force = body.bool("force").orElse(false);
        var as = Promotion.trial(body.choice("as", Promotion.WORDS).orElse("live"));
        Reply.ok(response, json(checkpoints.promote(InstancesDoor.id(request), which(request), force, as)));
    }

    private void withdraw(ServerRequest request, ServerResponse response) {
        Reply.ok(response, json(checkpoints.onTrial().withdraw(InstancesDoor.id(request), which(request))));
    }

    private void rollback(ServerRequest request, ServerResponse response) {
        var instance = InstancesDoor.id(request);
        Reply.ok(response, json(instance, checkpoints.rollback(instance)));
    }

    private static String which(ServerRequest request) {
        return request.path().pathParameters().get("n");
    }

    private static int number(String which) {
        try {
            return Integer.parseInt(which);
        } catch (NumberFormatException e) {
            throw new InvalidRequestException(
                    "invalid_value",
                    "only a checkpoint with a number has an adapter to give, found " + which,
                    Fault.of("checkpoint", "a number", which),
                    e);
        }
    }

    /** The bare base is no checkpoint, but it can be what is live after a rollback. */
    private static ObjectNode json(String instance, @Nullable Checkpoint checkpoint) {
        return checkpoint == null
                ? Wire.object().put("instance", instance).put("number", 0).put("state", "live")
                : json(checkpoint);
    }

    private static ObjectNode json(Checkpoint checkpoint) {
        return (ObjectNode) Wire.value(checkpoint);
    }
}
