package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.learner.Answer;
import dev.apprentice.server.http.EventStream;
import dev.apprentice.server.http.Wire;
import io.helidon.webserver.CloseConnectionException;
import java.nio.charset.StandardCharsets;

/** Tells one answer in events, each token as soon as it is made. */
final class ChatStream {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.UTF_8);

    private final EventStream events;
    private final ChatJson json;

    ChatStream(EventStream events, ChatJson json) {
        this.events = events;
        this.json = json;
    }

    /**
     * Tells {@code answer} to its end.
     *
     * @throws dev.apprentice.engine.ApprenticeException if the answer failed; what was told so far is not an answer
     *     then
     */
    void tell(Answer answer) throws InterruptedException {
        send(json.first());
        while (true) {
            switch (answer.next()) {
                case GenerationEvent.Delta delta -> {
                    if (json.says(delta)) {
                        send(json.more(delta));
                    }
                }
                case GenerationEvent.Finished(Completion completion) -> {
                    end(completion, answer);
                    return;
                }
                case GenerationEvent.Failed(var error) -> throw error;
            }
        }
    }

    private void end(Completion completion, Answer answer) {
        if (completion.finish() == FinishReason.CANCELLED) {
            throw new CloseConnectionException("the client has gone");
        }
        send(json.last(completion, answer.provenance()));
        if (json.countsTokens()) {
            send(json.count(completion));
        }
        events.send(DONE);
    }

    private void send(JsonNode chunk) {
        events.send(Wire.bytes(chunk));
    }
}
