package dev.apprentice.server.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.server.asking.Reception;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.http.ErrorShape;
import dev.apprentice.server.http.Errors;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Watch;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** Anthropic's messages, whole and streamed, and how many tokens one would take. */
public final class MessagesDoor {
    private final Reception reception;
    private final MessagesRequestReader reader;

    /** The door to whom {@code reception} asks. */
    public MessagesDoor(Reception reception) {
        this.reception = reception;
        this.reader = new MessagesRequestReader(reception.sampling());
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/messages", this::create);
        routes.post("/v1/messages/count_tokens", this::count);
    }

    private void create(ServerRequest request, ServerResponse response) {
        var body = reception.body(request);
        var asking = reader.read(body, Reception.episode(request));
        var stream = body.bool("stream").orElse(false);
        try (var told = reception.asker().ask(asking, Caller.of(request)).getFirst();
                var watch = reception.presence().watch()) {
            if (stream) {
                stream(told, watch, response);
            } else {
                Reply.ok(response, tell(new MessageTelling(told, _ -> {}), watch));
            }
        }
    }

    private void count(ServerRequest request, ServerResponse response) {
        var asking = reader.counting(reception.body(request));
        Reply.ok(
                response,
                Wire.object().put("input_tokens", reception.asker().promptTokens(asking, Caller.of(request))));
    }

    private void stream(Told told, Watch watch, ServerResponse response) {
        try (var events = reception.events(response)) {
            try {
                tell(
                        new MessageTelling(
                                told, event -> events.send(event.get("type").textValue(), Wire.bytes(event))),
                        watch);
            } catch (CloseConnectionException e) {
                throw e;
            } catch (RuntimeException | AssertionError e) {
                events.send("error", Errors.event(e, response, ErrorShape.ANTHROPIC)); // the status has been sent
            }
        }
    }

    private static ObjectNode tell(MessageTelling telling, Watch watch) {
        try {
            return telling.tell();
        } catch (InterruptedException e) {
            throw watch.givenUp(e);
        }
    }
}
