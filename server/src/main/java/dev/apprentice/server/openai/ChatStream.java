package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.server.asking.Chorus;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.EventStream;
import dev.apprentice.server.http.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells one answer in events, each token as soon as it is made. */
final class ChatStream {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.UTF_8);

    private final EventStream events;
    private final ChatJson json;
    private final SortedMap<Integer, Completion> completions = new TreeMap<>();

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
    void tell(Chorus answer) throws InterruptedException {
        for (var choice : answer.choices()) {
            send(json.first(choice.choice()));
        }
        while (!answer.ended()) {
            var voice = answer.next();
            tell(voice.told().choice(), voice.event(), answer.ended());
        }
        if (json.countsTokens()) {
            send(json.count(List.copyOf(completions.values())));
        }
        events.send(DONE);
    }

    private void tell(int index, ToldEvent event, boolean all) {
        switch (event) {
            case ToldEvent.Text more -> {
                if (json.says(more)) {
                    send(json.more(index, more));
                }
            }
            case ToldEvent.CallBegun begun -> send(json.begins(index, begun));
            case ToldEvent.CallArguments more -> send(json.more(index, more));
            case ToldEvent.Scored _, ToldEvent.CallEnded _ -> {}
            case ToldEvent.Ended ended -> {
                completions.put(index, ended.completion());
                send(json.last(index, ended.ending(), all));
            }
            case ToldEvent.Failed(var error) -> throw error;
        }
    }

    private void send(JsonNode chunk) {
        events.send(Wire.bytes(chunk));
    }
}
