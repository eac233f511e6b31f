package dev.apprentice.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.InstanceDraft;
import dev.apprentice.learner.instance.InstancePatch;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Query;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The deployed apprentices. */
public final class InstancesDoor {
    private final Instances instances;
    private final int bodyBytesMax;

    /** The door to {@code instances}. */
    public InstancesDoor(Instances instances, int bodyBytesMax) {
        this.instances = instances;
        this.bodyBytesMax = bodyBytesMax;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/instances", this::create);
        routes.get("/v1/instances", this::list);
        routes.get("/v1/instances/{id}", this::get);
        routes.patch("/v1/instances/{id}", this::patch);
        routes.delete("/v1/instances/{id}", this::delete);
        routes.post("/v1/instances/{id}/freeze", this::freeze);
        routes.post("/v1/instances/{id}/unfreeze", this::unfreeze);
    }

    private void create(ServerRequest request, ServerResponse response) {
        var body = Body.json(request, bodyBytesMax);
        body.only(Set.of("id", "description", "system_prompt", "policy"));
        var id = body.requiredString("id");
        Caller.of(request).mayUse(id);
        var instance = instances.create(new InstanceDraft(
                id,
                body.string("description").orElse(""),
                body.string("system_prompt").orElse(null),
                Policy.DEFAULT.with(policy(body))));
        Reply.created(response, "/v1/instances/" + instance.id(), json(instance));
    }

    private void list(ServerRequest request, ServerResponse response) {
        var page = new InstanceList(instances, Caller.of(request))
                .list(Query.text(request, "after").orElse(null), Query.limit(request));
        Reply.page(response, page.data().stream().map(InstancesDoor::json).toList(), page.next());
    }

    private void get(ServerRequest request, ServerResponse response) {
        Reply.ok(response, json(instances.get(id(request))));
    }

    private void patch(ServerRequest request, ServerResponse response) {
        var body = Body.json(request, bodyBytesMax);
        body.only(Set.of("description", "system_prompt", "policy"));
        var patch = new InstancePatch(body.string("description").orElse(null), systemPrompt(body), policy(body));
        Reply.ok(response, json(instances.patch(id(request), patch)));
    }

    private void delete(ServerRequest request, ServerResponse response) {
        instances.delete(id(request));
        Reply.noContent(response);
    }

    private void freeze(ServerRequest request, ServerResponse response) {
        Reply.ok(response, json(instances.freeze(id(request))));
    }

    private void unfreeze(ServerRequest request, ServerResponse response) {
        Reply.ok(response, json(instances.unfreeze(id(request))));
    }

    static String id(ServerRequest request) {
        return request.path().pathParameters().get("id");
    }

    /** In a change null takes the prompt away, as in a merge patch (RFC 7396), and absence leaves it. */
    private static @Nullable String systemPrompt(Fields body) {
        return body.names().contains("system_prompt")
                ? body.string("system_prompt").orElse("")
                : null;
    }

    /** A policy's null means "no limit", so it is kept. */
    private static Map<String, @Nullable Object> policy(Fields body) {
        return body.object("policy").map(Fields::toMapWithNulls).orElseGet(Map::of);
    }

    private static ObjectNode json(Instance instance) {
        var json = Wire.object()
                .put("id", instance.id())
                .put("description", instance.description())
                .put("system_prompt", instance.systemPrompt());
        json.set("policy", Wire.value(instance.policy().fields()));
        return json.put("frozen", instance.frozen())
                .put("live_checkpoint", instance.liveCheckpoint())
                .put("created", instance.created().toString());
    }
}
