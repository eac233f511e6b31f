package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.server.asking.Ending;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.asking.ToolCall;
import dev.apprentice.server.http.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer as OpenAI's clients read it, whole or in chunks. Every field that they require is always there, null where
 * there is nothing to say.
 */
final class ChatJson {
    private final Told told;
    private final ChatRequest.Delivery delivery;
    private final @Nullable LogprobsJson logprobs;

    /** Writes the answer whose first choice is {@code told}; {@code logprobs} is null where nobody asked for them. */
    ChatJson(Told told, ChatRequest.Delivery delivery, @Nullable LogprobsJson logprobs) {
        this.told = told;
        this.delivery = delivery;
        this.logprobs = logprobs;
    }

    /** The answer in one piece, its choices in their order. */
    ObjectNode whole(List<ToldEvent.Ended> choices) {
        var json = head("chat.completion");
        var list = json.putArray("choices");
        for (var ended : choices) {
            var choice = list.addObject().put("index", list.size() - 1);
            choice.set("message", message(ended));
            if (logprobs == null) {
                choice.putNull("logprobs");
            } else {
                choice.set("logprobs", logprobs.of(ended.completion().tokens()));
            }
            choice.put("finish_reason", word(ended.ending()));
        }
        json.set(
                "usage", usage(choices.stream().map(ToldEvent.Ended::completion).toList()));
        json.set("apprentice", Wire.value(told.provenance()));
        return json;
    }

    private static ObjectNode message(ToldEvent.Ended ended) {
        var message = Wire.object().put("role", "assistant");
        var silent = ended.text().isEmpty() && !ended.calls().isEmpty();
        message.put("content", silent ? null : ended.text()).putNull("refusal");
        if (!ended.calls().isEmpty()) {
            var calls = message.putArray("tool_calls");
            for (var call : ended.calls()) {
                calls.add(call(call));
            }
        }
        return message;
    }

    private static ObjectNode call(ToolCall call) {
        var json = Wire.object().put("id", call.id()).put("type", "function");
        json.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        return json;
    }

    /** The first chunk of a choice: nothing but who speaks, so that the id is known at once. */
    ObjectNode first(int index) {
        var json = chunk(index, null);
        delta(json).put("role", "assistant").put("content", "").putNull("refusal");
        return json;
    }

    /** A chunk with more of a choice's text. */
    ObjectNode more(int index, ToldEvent.Text more) {
        var json = chunk(index, null);
        delta(json).put("content", more.text());
        if (logprobs != null) {
            choice(json).set("logprobs", logprobs.of(more.tokens()));
        }
        return json;
    }

    /** Whether a chunk with {@code more} would say anything. */
    boolean says(ToldEvent.Text more) {
        return !more.text().isEmpty() || (logprobs != null && !more.tokens().isEmpty());
    }

    /** A chunk in which a call begins. */
    ObjectNode begins(int index, ToldEvent.CallBegun begun) {
        var json = chunk(index, null);
        var call = call(new ToolCall(begun.id(), begun.name(), ""));
        delta(json)
                .putArray("tool_calls")
                .add(Wire.object().put("index", begun.index()).setAll(call));
        return json;
    }

    /** A chunk with more of a call's arguments. */
    ObjectNode more(int index, ToldEvent.CallArguments more) {
        var json = chunk(index, null);
        var call = delta(json).putArray("tool_calls").addObject().put("index", more.index());
        call.putObject("function").put("arguments", more.json());
        return json;
    }

    /** The chunk that ends a choice; that of the last to end says where the answer comes from. */
    ObjectNode last(int index, Ending ending, boolean all) {
        var json = chunk(index, word(ending));
        if (all) {
            json.set("apprentice", Wire.value(told.provenance()));
        }
        return json;
    }

    /** Whether the client asked for {@link #count}. */
    boolean countsTokens() {
        return delivery == ChatRequest.Delivery.STREAM_WITH_USAGE;
    }

    /** The chunk that counts tokens, which has no choice. */
    ObjectNode count(List<Completion> completions) {
        var json = head("chat.completion.chunk");
        json.putArray("choices");
        json.set("usage", usage(completions));
        return json;
    }

    private ObjectNode head(String object) {
        return Wire.object()
                .put("id", told.id())
                .put("object", object)
                .put("created", told.created().getEpochSecond())
                .put("model", told.model());
    }

    private ObjectNode chunk(int index, @Nullable String finish) {
        var json = head("chat.completion.chunk");
        var choice = json.putArray("choices").addObject().put("index", index);
        choice.putObject("delta");
        choice.putNull("logprobs").put("finish_reason", finish);
        if (countsTokens()) {
            json.putNull("usage"); // the last chunk has it; the others say that they have not
        }
        return json;
    }

    private static ObjectNode choice(ObjectNode chunk) {
        return (ObjectNode) chunk.get("choices").get(0);
    }

    private static ObjectNode delta(ObjectNode chunk) {
        return (ObjectNode) choice(chunk).get("delta");
    }

    /** What all choices took together; they share one prompt, which the first of them was the first to read. */
    static JsonNode usage(List<Completion> completions) {
        var first = completions.getFirst();
        var answers = completions.stream().mapToInt(it -> it.tokens().size()).sum();
        var json = Wire.object()
                .put("prompt_tokens", first.promptTokens())
                .put("completion_tokens", answers)
                .put("total_tokens", first.promptTokens() + answers);
        json.putObject("prompt_tokens_details").put("cached_tokens", first.cachedTokens());
        return json;
    }

    static String word(Ending ending) {
        return switch (ending) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
        };
    }
}
