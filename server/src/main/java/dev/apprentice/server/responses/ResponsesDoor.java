package dev.apprentice.server.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.learner.interaction.Keepsakes;
import dev.apprentice.server.asking.Reception;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.http.Errors;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Watch;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The Responses API: made, read again, gone on from, deleted. */
public final class ResponsesDoor {
    private final Reception reception;
    private final KeptResponses kept;
    private final ResponsesRequestReader reader;
    private final Function<List<SampledToken>, ArrayNode> logprobs;
    private final Clock clock;

    /**
     * The door to whom {@code reception} asks; what they said can be had again from {@code keepsakes}.
     *
     * @param logprobs writes log-probabilities, an entry for each token
     */
    public ResponsesDoor(
            Reception reception, Keepsakes keepsakes, Function<List<SampledToken>, ArrayNode> logprobs, Clock clock) {
        this.reception = reception;
        this.kept = new KeptResponses(keepsakes);
        this.reader = new ResponsesRequestReader(reception.sampling());
        this.logprobs = logprobs;
        this.clock = clock;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/responses", this::create);
        routes.get("/v1/responses/{id}", this::get);
        routes.delete("/v1/responses/{id}", this::delete);
    }

    private void create(ServerRequest request, ServerResponse response) {
        var caller = Caller.of(request);
        var asked =
                reader.read(reception.body(request), Reception.episode(request), id -> kept.conversation(id, caller));
        try (var told = reception.asker().ask(asked.asking(), caller).getFirst();
                var watch = reception.presence().watch()) {
            if (asked.stream()) {
                stream(asked, told, watch, response);
            } else {
                Reply.ok(response, tell(telling(asked, told, _ -> {}), asked, watch));
            }
        }
    }

    private void get(ServerRequest request, ServerResponse response) {
        Reply.ok(response, kept.get(id(request), Caller.of(request)));
    }

    private void delete(ServerRequest request, ServerResponse response) {
        var id = id(request);
        kept.delete(id, Caller.of(request));
        Reply.ok(response, Wire.object().put("id", id).put("object", "response").put("deleted", true));
    }

    private static String id(ServerRequest request) {
        return request.path().pathParameters().get("id");
    }

    private void stream(ResponsesRequest asked, Told told, Watch watch, ServerResponse response) {
        try (var events = reception.events(response)) {
            var telling =
                    telling(asked, told, event -> events.send(event.get("type").textValue(), Wire.bytes(event)));
            try {
                tell(telling, asked, watch);
            } catch (CloseConnectionException e) {
                throw e;
            } catch (RuntimeException | AssertionError e) {
                telling.fail(Errors.refusal(e, response)); // the status has been sent, so the stream must say it
            }
        }
    }

    private ResponseTelling telling(ResponsesRequest asked, Told told, Consumer<ObjectNode> events) {
        var json = new ResponseJson(told, asked.echo(), clock);
        return new ResponseTelling(
                told, json, asked.logprobs() ? logprobs : _ -> Wire.object().arrayNode(), events);
    }

    private ObjectNode tell(ResponseTelling telling, ResponsesRequest asked, Watch watch) {
        try {
            return telling.tell(asked.store() ? kept::keep : _ -> {});
        } catch (InterruptedException e) {
            throw watch.givenUp(e);
        }
    }
}
