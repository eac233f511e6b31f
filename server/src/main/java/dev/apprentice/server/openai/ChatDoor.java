package dev.apprentice.server.openai;

import dev.apprentice.engine.Engine;
import dev.apprentice.server.asking.Asker;
import dev.apprentice.server.asking.Chorus;
import dev.apprentice.server.asking.SamplingFields;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Errors;
import dev.apprentice.server.http.EventStream;
import dev.apprentice.server.http.Presence;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Watch;
import dev.apprentice.server.security.Caller;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.ArrayList;

/** Chat completions, whole and streamed. */
public final class ChatDoor {
    private static final HeaderName EPISODE = HeaderNames.create("Apprentice-Episode");

    private final Asker asker;
    private final Presence presence;
    private final ChatRequestReader reader;
    private final LogprobsJson logprobs;
    private final Limits limits;

    /**
     * What holds for every request.
     *
     * @param bodyBytesMax largest body
     * @param commentEvery how long a stream may be silent
     */
    public record Limits(int bodyBytesMax, Duration commentEvery) {}

    /** The door to whom {@code asker} asks, who answer on {@code engine}. */
    public ChatDoor(Asker asker, SamplingFields sampling, Engine engine, Presence presence, Limits limits) {
        this.asker = asker;
        this.presence = presence;
        this.reader = new ChatRequestReader(sampling);
        this.logprobs = new LogprobsJson(engine.tokenizer()::bytes);
        this.limits = limits;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/chat/completions", this::complete);
    }

    private void complete(ServerRequest request, ServerResponse response) {
        var chat = reader.read(
                Body.json(request, limits.bodyBytesMax()),
                request.headers().first(EPISODE).orElse(null));
        try (var answer = new Chorus(asker.ask(chat.asking(), Caller.of(request)));
                var watch = presence.watch()) {
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
        try (var events = EventStream.on(response, limits.commentEvery())) {
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
