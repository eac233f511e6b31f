package dev.apprentice.server.openai;

import dev.apprentice.server.asking.Chorus;
import dev.apprentice.server.asking.Reception;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.Errors;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Watch;
import dev.apprentice.server.security.Caller;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;

/** Chat completions, whole and streamed. */
public final class ChatDoor {
    private final Reception reception;
    private final ChatRequestReader reader;
    private final LogprobsJson logprobs;

    /** The door to whom {@code reception} leads. */
    public ChatDoor(Reception reception, LogprobsJson logprobs) {
        this.reception = reception;
        this.reader = new ChatRequestReader(reception.sampling());
        this.logprobs = logprobs;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/chat/completions", this::complete);
    }

    private void complete(ServerRequest request, ServerResponse response) {
        var chat = reader.read(reception.body(request), Reception.episode(request));
        try (var answer = new Chorus(reception.asker().ask(chat.asking(), Caller.of(request)));
                var watch = reception.presence().watch()) {
            var json = new ChatJson(answer.first(), chat.delivery(), chat.logprobs() ? logprobs : null);
            switch (chat.delivery()) {
                case WHOLE -> whole(answer, json, watch, response);
                case STREAM, STREAM_WITH_USAGE -> stream(answer, json, watch, response);
            }
        }
    }

    private static void whole(Chorus answer, ChatJson json, Watch watch, ServerResponse response) {
        try {
            var choices = new ArrayList<ToldEvent.Ended>();
            for (var told : answer.choices()) {
                choices.add(told.await());
            }
            Reply.ok(response, json.whole(choices));
        } catch (InterruptedException e) {
            throw watch.givenUp(e);
        }
    }

    private void stream(Chorus answer, ChatJson json, Watch watch, ServerResponse response) {
        try (var events = reception.events(response)) {
            try {
                tell(answer, new ChatStream(events, json), watch);
            } catch (CloseConnectionException e) {
                throw e;
            } catch (RuntimeException | AssertionError e) {
                events.send(Errors.event(e, response)); // the status has been sent, so the stream itself must say it
            }
        }
    }

    private static void tell(Chorus answer, ChatStream stream, Watch watch) {
        try {
            stream.tell(answer);
        } catch (InterruptedException e) {
            throw watch.givenUp(e);
        }
    }
}
