package dev.apprentice.client.http;

import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.transport.Deadline;
import dev.apprentice.client.transport.Source;
import dev.apprentice.client.value.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The chunks of one streamed answer. An answer that does not say {@code [DONE]} was cut off. */
final class AnswerSource implements Source<AnswerChunk> {
    /** How long the end of the body may take after the end of the answer, so that the connection can be used again. */
    private static final Duration GOODBYE = Duration.ofMillis(100);

    private final SseReader events;
    private final Deadline deadline;
    private final Refusals refusals;
    private boolean done;

    AnswerSource(SseReader events, Deadline deadline, Refusals refusals) {
        this.events = events;
        this.deadline = deadline;
        this.refusals = refusals;
    }

    @Override
    public @Nullable AnswerChunk next() {
        if (done) {
            return null;
        }
        var event = events.next(() -> deadline);
        if (event == null) {
            throw ConnectionException.broken("the answer was cut off: its stream ended without [DONE]", null);
        }
        if (event.data().equals("[DONE]")) {
            done = true;
            events.drain(GOODBYE);
            return null;
        }
        var json = Wire.read(event.data().getBytes(StandardCharsets.UTF_8));
        if (json.has("error")) {
            close();
            throw refusals.inStream(json).exception();
        }
        return AnswerChunk.of(json);
    }

    @Override
    public void close() {
        events.close();
    }
}
