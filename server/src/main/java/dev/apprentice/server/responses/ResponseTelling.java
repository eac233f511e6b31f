package dev.apprentice.server.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.Refusal;
import dev.apprentice.server.http.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes one response of what is told: items one after the other, each begun, told in parts and ended, and an event for
 * each of these steps. A response that nobody wants in events is made in the same way, its events going nowhere.
 */
final class ResponseTelling {
    private final Told told;
    private final ResponseJson json;
    private final Function<List<SampledToken>, ArrayNode> logprobs;
    private final Consumer<ObjectNode> events;
    private final ArrayNode output = Wire.object().arrayNode();
    private @Nullable OpenItem open;
    private int sequence;

    /** Writes log-probabilities by {@code logprobs} and hands each event to {@code events}. */
    ResponseTelling(
            Told told,
            ResponseJson json,
            Function<List<SampledToken>, ArrayNode> logprobs,
            Consumer<ObjectNode> events) {
        this.told = told;
        this.json = json;
        this.logprobs = logprobs;
        this.events = events;
    }

    /** An item that is being told. */
    private sealed interface OpenItem {
        String id();

        record Message(String id, StringBuilder text, List<SampledToken> tokens) implements OpenItem {}

        record Call(String id, String callId, String name, StringBuilder arguments) implements OpenItem {}
    }

    /**
     * Tells the response to its end.
     *
     * @param keep is given the whole response before its last event leaves, so that who has read that can go on from it
     * @throws dev.apprentice.engine.ApprenticeException if the answer failed
     */
    ObjectNode tell(Consumer<ObjectNode> keep) throws InterruptedException {
        send("response.created", json.running());
        send("response.in_progress", json.running());
        while (true) {
            switch (told.next()) {
                case ToldEvent.Scored _ -> {}
                case ToldEvent.Text(var text, var tokens) -> say(text, tokens);
                case ToldEvent.CallBegun begun -> begin(begun);
                case ToldEvent.CallArguments(var _, var part) -> argue(part);
                case ToldEvent.CallEnded _ -> end("completed");
                case ToldEvent.Ended ended -> {
                    return finish(ended, keep);
                }
                case ToldEvent.Failed(var error) -> throw error;
            }
        }
    }

    /** Tells that the response has come to nothing. */
    void fail(Refusal refusal) {
        send("response.failed", json.failed(refusal));
    }

    private ObjectNode finish(ToldEvent.Ended ended, Consumer<ObjectNode> keep) {
        if (open == null && output.isEmpty()) {
            beginMessage(); // clients look for a message even where nothing was said
        }
        end(ResponseJson.isCut(ended) ? "incomplete" : "completed");
        var whole = json.whole(ended, output);
        keep.accept(whole);
        send(ResponseJson.isCut(ended) ? "response.incomplete" : "response.completed", whole);
        return whole;
    }

    private void say(String text, List<SampledToken> tokens) {
        if (text.isEmpty() && !(open instanceof OpenItem.Message)) {
            return;
        }
        var message = open instanceof OpenItem.Message already ? already : beginMessage();
        message.text().append(text);
        message.tokens().addAll(tokens);
        var event = part("response.output_text.delta", message).put("delta", text);
        event.set("logprobs", logprobs.apply(tokens));
        events.accept(event);
    }

    private OpenItem.Message beginMessage() {
        end("completed");
        var message = new OpenItem.Message(itemId("msg_"), new StringBuilder(), new ArrayList<>());
        open = message;
        var item = Wire.object()
                .put("id", message.id())
                .put("type", "message")
                .put("status", "in_progress")
                .put("role", "assistant");
        item.putArray("content");
        sendItem("response.output_item.added", item);
        var part = part("response.content_part.added", message);
        part.set("part", text("", List.of()));
        events.accept(part);
        return message;
    }

    private void begin(ToldEvent.CallBegun begun) {
        end("completed");
        var call = new OpenItem.Call(itemId("fc_"), begun.id(), begun.name(), new StringBuilder());
        open = call;
        sendItem("response.output_item.added", item(call, "in_progress"));
    }

    private void argue(String part) {
        if (open instanceof OpenItem.Call call && !part.isEmpty()) {
            call.arguments().append(part);
            events.accept(event("response.function_call_arguments.delta", call).put("delta", part));
        }
    }

    private void end(String status) {
        switch (open) {
            case OpenItem.Message message -> end(message, status);
            case OpenItem.Call call -> end(call, status);
            case null -> {}
        }
    }

    private void end(OpenItem.Message message, String status) {
        var text = message.text().toString();
        var done = part("response.output_text.done", message).put("text", text);
        done.set("logprobs", logprobs.apply(message.tokens()));
        events.accept(done);
        var part = part("response.content_part.done", message);
        part.set("part", text(text, message.tokens()));
        events.accept(part);
        var item = Wire.object()
                .put("id", message.id())
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant");
        item.putArray("content").add(text(text, message.tokens()));
        end(item);
    }

    private void end(OpenItem.Call call, String status) {
        events.accept(event("response.function_call_arguments.done", call)
                .put("name", call.name())
                .put("arguments", call.arguments().toString()));
        end(item(call, status));
    }

    private void end(ObjectNode item) {
        sendItem("response.output_item.done", item);
        output.add(item);
        open = null;
    }

    private static ObjectNode item(OpenItem.Call call, String status) {
        return Wire.object()
                .put("id", call.id())
                .put("type", "function_call")
                .put("status", status)
                .put("call_id", call.callId())
                .put("name", call.name())
                .put("arguments", call.arguments().toString());
    }

    private ObjectNode text(String text, List<SampledToken> tokens) {
        var json = Wire.object().put("type", "output_text").put("text", text);
        json.putArray("annotations");
        json.set("logprobs", logprobs.apply(tokens));
        return json;
    }

    /** Ids of items are the response's own with their number, so that they are unique without being kept. */
    private String itemId(String prefix) {
        return prefix + told.id().substring(told.id().indexOf('_') + 1) + "_" + output.size();
    }

    private void send(String type, ObjectNode response) {
        var event = event(type);
        event.set("response", response);
        events.accept(event);
    }

    private void sendItem(String type, ObjectNode item) {
        var event = event(type).put("output_index", output.size());
        event.set("item", item);
        events.accept(event);
    }

    private ObjectNode part(String type, OpenItem item) {
        return event(type, item).put("content_index", 0);
    }

    private ObjectNode event(String type, OpenItem item) {
        return event(type).put("item_id", item.id()).put("output_index", output.size());
    }

    private ObjectNode event(String type) {
        return Wire.object().put("type", type).put("sequence_number", sequence++);
    }
}
