package dev.apprentice.server.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.Wire;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one message of what is told: blocks one after the other, each begun, told in parts and ended, and an event for
 * each of these steps. A message that nobody wants in events is made in the same way, its events going nowhere.
 */
final class MessageTelling {
    private final Told told;
    private final MessageJson json;
    private final Consumer<ObjectNode> events;
    private final ArrayNode content = Wire.object().arrayNode();
    private @Nullable OpenBlock open;

    /** Hands each event of {@code told} to {@code events}. */
    MessageTelling(Told told, Consumer<ObjectNode> events) {
        this.told = told;
        this.json = new MessageJson(told);
        this.events = events;
    }

    /** A block that is being told. */
    private sealed interface OpenBlock {
        record Text(StringBuilder text) implements OpenBlock {}

        record Call(String id, String name, StringBuilder arguments) implements OpenBlock {}
    }

    /**
     * Tells the message to its end.
     *
     * @throws dev.apprentice.engine.ApprenticeException if the answer failed
     */
    ObjectNode tell() throws InterruptedException {
        var begun = event("message_start");
        begun.set("message", json.begun());
        events.accept(begun);
        events.accept(event("ping"));
        while (true) {
            switch (told.next()) {
                case ToldEvent.Scored _ -> {}
                case ToldEvent.Text(var text, var _) -> say(text);
                case ToldEvent.CallBegun begin ->
                    begin(
                            new OpenBlock.Call(begin.id(), begin.name(), new StringBuilder()),
                            MessageJson.call(begin.id(), begin.name(), Wire.object()));
                case ToldEvent.CallArguments(var _, var part) -> argue(part);
                case ToldEvent.CallEnded _ -> end();
                case ToldEvent.Ended ended -> {
                    return finish(ended);
                }
                case ToldEvent.Failed(var error) -> throw error;
            }
        }
    }

    private ObjectNode finish(ToldEvent.Ended ended) {
        end();
        events.accept(json.end(ended));
        events.accept(event("message_stop"));
        return json.whole(ended, content);
    }

    private void say(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (!(open instanceof OpenBlock.Text)) {
            begin(new OpenBlock.Text(new StringBuilder()), MessageJson.text(""));
        }
        if (open instanceof OpenBlock.Text(var soFar)) {
            soFar.append(text);
            delta(Wire.object().put("type", "text_delta").put("text", text));
        }
    }

    private void argue(String part) {
        if (open instanceof OpenBlock.Call(var _, var _, var soFar) && !part.isEmpty()) {
            soFar.append(part);
            delta(Wire.object().put("type", "input_json_delta").put("partial_json", part));
        }
    }

    private void begin(OpenBlock block, ObjectNode empty) {
        end();
        open = block;
        var event = event("content_block_start").put("index", content.size());
        event.set("content_block", empty);
        events.accept(event);
    }

    private void delta(ObjectNode delta) {
        var event = event("content_block_delta").put("index", content.size());
        event.set("delta", delta);
        events.accept(event);
    }

    private void end() {
        var ended = open;
        if (ended == null) {
            return;
        }
        events.accept(event("content_block_stop").put("index", content.size()));
        content.add(
                switch (ended) {
                    case OpenBlock.Text(var text) -> MessageJson.text(text.toString());
                    case OpenBlock.Call(var id, var name, var arguments) ->
                        MessageJson.call(id, name, MessageJson.input(arguments.toString()));
                });
        open = null;
    }

    private static ObjectNode event(String type) {
        return Wire.object().put("type", type);
    }
}
