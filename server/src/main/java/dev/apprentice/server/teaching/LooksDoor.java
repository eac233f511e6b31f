package dev.apprentice.server.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.learner.value.Episode;
import dev.apprentice.learner.value.Look;
import dev.apprentice.learner.value.Values;
import dev.apprentice.server.http.Query;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Locale;

/** What is worth a teacher's look, and whose merit an episode's reward was. */
public final class LooksDoor {
    private final Values values;

    /** The door to what {@code values} knows. */
    public LooksDoor(Values values) {
        this.values = values;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.get("/v1/interactions", this::looks);
        routes.get("/v1/episodes/{id}", this::episode);
    }

    private void looks(ServerRequest request, ServerResponse response) {
        var looks = values.looks(instance(request), Query.limit(request));
        Reply.page(response, looks.stream().map(LooksDoor::json).toList(), null);
    }

    private void episode(ServerRequest request, ServerResponse response) {
        var id = request.path().pathParameters().get("id");
        var instance = instance(request);
        var episode = values.episode(instance, id)
                .orElseThrow(() -> new NotFoundException(
                        "episode_not_found",
                        "'" + instance + "' has answered nothing in an episode '" + id + "'",
                        Fault.of("episode", "the episode of an answer", id)));
        Reply.ok(response, json(episode));
    }

    private static String instance(ServerRequest request) {
        var instance = Query.text(request, "instance")
                .orElseThrow(() -> new InvalidRequestException(
                        "missing_value",
                        "instance must be an instance's id, found nothing",
                        Fault.of("instance", "an instance's id", "nothing")));
        Caller.of(request).mayUse(instance);
        return instance;
    }

    private static ObjectNode json(Look look) {
        var json = Wire.object()
                .put("interaction", look.interaction())
                .put("choice", look.choice())
                .put("checkpoint", look.checkpoint());
        json.set("messages", LessonJson.messages(look.messages()));
        return json.put("answer", look.answer())
                .put("episode", look.episode())
                .put("confidence", look.confidence())
                .put("worth", look.worth())
                .put("created", look.created().toString());
    }

    private static ObjectNode json(Episode episode) {
        var json = Wire.object()
                .put("id", episode.id())
                .put("instance", episode.instance())
                .put("reward", episode.reward())
                .put("credited", episode.credited().name().toLowerCase(Locale.ROOT));
        var turns = json.putArray("turns");
        for (var turn : episode.turns()) {
            turns.addObject()
                    .put("interaction", turn.interaction())
                    .put("value", turn.value())
                    .put("credit", turn.credit())
                    .put("advantage", turn.advantage())
                    .put("created", turn.created().toString());
        }
        return json;
    }
}
