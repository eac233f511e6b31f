package dev.apprentice.server.openai;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.learner.Answer;
import dev.apprentice.learner.Learner;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Errors;
import dev.apprentice.server.http.EventStream;
import dev.apprentice.server.http.Presence;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Watch;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Duration;

/** Chat completions, whole and streamed. */
public final class ChatDoor {
    private static final HeaderName EPISODE = HeaderNames.create("Apprentice-Episode");

    private final Learner learner;
    private final Presence presence;
    private final Clock clock;
    private final ChatRequestReader reader;
    private final LogprobsJson logprobs;
    private final Limits limits;

    /**
     * What holds for every request.
     *
     * @param bodyBytesMax largest body
     * @param time an answer that takes longer is given up
     * @param commentEvery how long a stream may be silent
     */
    public record Limits(int bodyBytesMax, Duration time, Duration commentEvery) {}

    /** The door to the agents of {@code learner}, which answer on {@code engine}. */
    public ChatDoor(Learner learner, Engine engine, Presence presence, Seams seams, Limits limits) {
        this.learner = learner;
        this.presence = presence;
        this.clock = seams.clock();
        this.reader = new ChatRequestReader(engine.base().defaults(), seams.seeds());
        this.logprobs = new LogprobsJson(engine.tokenizer()::bytes);
        this.limits = limits;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/chat/completions", this::complete);
        routes.later("POST", "/v1/completions", "the older completions API");
        routes.later("POST", "/v1/responses", "the responses API");
        routes.later("POST", "/v1/embeddings", "the embeddings API");
        routes.later("POST", "/v1/messages", "Anthropic's messages API");
    }

    private void complete(ServerRequest request, ServerResponse response) {
        var chat = reader.read(
                Body.json(request, limits.bodyBytesMax()),
                request.headers().first(EPISODE).orElse(null));
        var question = chat.question(clock.instant().plus(limits.time()));
        try (var answer = learner.agent(chat.model()).ask(question);
                var watch = presence.watch()) {
            var json = new ChatJson(
                    answer.id(), answer.created(), answer.model(), chat.delivery(), chat.logprobs() ? logprobs : null);
            switch (chat.delivery()) {
                case WHOLE -> whole(answer, json, watch, response);
                case STREAM, STREAM_WITH_USAGE -> stream(answer, json, watch, response);
            }
        }
    }

    private static void whole(Answer answer, ChatJson json, Watch watch, ServerResponse response) {
        try {
            var completion = answer.await();
            if (completion.finish() == FinishReason.CANCELLED) {
                throw new CloseConnectionException("the client has gone");
            }
            Reply.ok(response, json.whole(completion, answer.provenance()));
        } catch (InterruptedException e) {
            throw given(watch, e);
        }
    }

    private void stream(Answer answer, ChatJson json, Watch watch, ServerResponse response) {
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

    private static void tell(Answer answer, ChatStream stream, Watch watch) {
        try {
            stream.tell(answer);
        } catch (InterruptedException e) {
            throw given(watch, e);
        }
    }

    /** Why an answer was given up. */
    private static RuntimeException given(Watch watch, InterruptedException interruption) {
        return switch (watch.cause()) {
            case STOPPING ->
                new UnavailableException(
                        "draining", "the server stopped before the answer was whole", Fault.NONE, interruption);
            case CLIENT_GONE, NONE -> new CloseConnectionException("the client has gone", interruption);
        };
    }
}
