package dev.apprentice.server.openai;

import dev.apprentice.engine.Engine;
import dev.apprentice.server.asking.Chorus;
import dev.apprentice.server.asking.Reception;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.Errors;
import dev.apprentice.server.http.EventStream;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Watch;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The older completions: a text is gone on from, without a chat template. Every prompt is an interaction. */
public final class CompletionsDoor {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.UTF_8);

    private final Reception reception;
    private final CompletionsReader reader;
    private final LogprobsJson logprobs;

    /** The door to whom {@code reception} leads, who answer on {@code engine}. */
    public CompletionsDoor(Reception reception, Engine engine, LogprobsJson logprobs) {
        this.reception = reception;
        this.reader = new CompletionsReader(
                reception.sampling(), engine.tokenizer(), engine.base().config().vocabulary());
        this.logprobs = logprobs;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/completions", this::complete);
    }

    private void complete(ServerRequest request, ServerResponse response) {
        var wanted = reader.read(reception.body(request), Reception.episode(request));
        var caller = Caller.of(request);
        var told = new ArrayList<Told>();
        try (var watch = reception.presence().watch()) {
            wanted.askings().forEach(asking -> told.addAll(reception.asker().ask(asking, caller)));
            var json = new CompletionsJson(told, wanted, logprobs);
            if (wanted.delivery() == ChatRequest.Delivery.WHOLE) {
                whole(told, json, watch, response);
            } else {
                stream(told, json, watch, response);
            }
        } finally {
            told.forEach(Told::close);
        }
    }

    private static void whole(List<Told> told, CompletionsJson json, Watch watch, ServerResponse response) {
        try {
            var ended = new ArrayList<ToldEvent.Ended>();
            for (var choice : told) {
                ended.add(choice.await());
            }
            Reply.ok(response, json.whole(ended));
        } catch (InterruptedException e) {
            throw watch.givenUp(e);
        }
    }

    private void stream(List<Told> told, CompletionsJson json, Watch watch, ServerResponse response) {
        try (var events = reception.events(response)) {
            try {
                tell(told, json, events);
            } catch (InterruptedException e) {
                events.send(Errors.event(watch.givenUp(e), response));
            } catch (CloseConnectionException e) {
                throw e;
            } catch (RuntimeException | AssertionError e) {
                events.send(Errors.event(e, response)); // the status has been sent, so the stream itself must say it
            }
        }
    }

    private static void tell(List<Told> told, CompletionsJson json, EventStream events) throws InterruptedException {
        var ended = new ToldEvent.Ended[told.size()];
        try (var chorus = new Chorus(told)) {
            for (int index = 0; index < told.size(); index++) {
                json.echo(index).ifPresent(chunk -> events.send(Wire.bytes(chunk)));
            }
            while (!chorus.ended()) {
                var voice = chorus.next();
                int index = told.indexOf(voice.told());
                switch (voice.event()) {
                    case ToldEvent.Scored(var prompt) -> events.send(Wire.bytes(json.echo(index, prompt)));
                    case ToldEvent.Text more ->
                        json.more(index, more).ifPresent(chunk -> events.send(Wire.bytes(chunk)));
                    case ToldEvent.Ended end -> {
                        ended[index] = end;
                        events.send(Wire.bytes(json.last(index, end, chorus.ended())));
                    }
                    case ToldEvent.Failed(var error) -> throw error;
                    case ToldEvent.CallBegun _, ToldEvent.CallArguments _, ToldEvent.CallEnded _ ->
                        throw new AssertionError("no tools were offered");
                }
            }
        }
        json.count(List.of(ended)).ifPresent(chunk -> events.send(Wire.bytes(chunk)));
        events.send(DONE);
    }
}
