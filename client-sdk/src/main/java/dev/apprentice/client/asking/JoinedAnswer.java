package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.value.Wire;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the pieces of a streamed answer together. */
final class JoinedAnswer {
    private final ObjectNode json = Wire.object();
    private final StringBuilder text = new StringBuilder();
    private final ArrayNode logprobs = json.arrayNode();
    private final Map<Integer, Call> calls = new TreeMap<>();
    private @Nullable String finish;

    private static final class Call {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
    }

    void add(AnswerChunk chunk) {
        json.put("id", chunk.id()).put("object", "chat.completion").put("model", chunk.model());
        chunk.created().ifPresent(created -> json.put("created", created));
        text.append(chunk.text());
        chunk.logprobs().forEach(token -> logprobs.add(token.json()));
        chunk.toolCalls().forEach(this::add);
        chunk.finishReason().ifPresent(reason -> finish = reason.value());
        chunk.provenance().ifPresent(provenance -> json.set("apprentice", provenance.json()));
        chunk.usage().ifPresent(usage -> json.set("usage", usage.json()));
    }

    private void add(ToolCallDelta delta) {
        var call = calls.computeIfAbsent(delta.index(), index -> new Call());
        delta.id().ifPresent(id -> call.id = id);
        delta.name().ifPresent(name -> call.name = name);
        call.arguments.append(delta.arguments());
    }

    Answer whole() {
        if (finish == null) {
            throw new ProtocolException("expected an answer with an end, found pieces without one");
        }
        var choice = json.putArray("choices").addObject().put("index", 0);
        var message = choice.putObject("message").put("role", "assistant").put("content", text.toString());
        if (!calls.isEmpty()) {
            var list = message.putArray("tool_calls");
            calls.values()
                    .forEach(call -> list.add(ToolCall.of(call.id, call.name, call.arguments.toString())
                            .json()));
        }
        if (!logprobs.isEmpty()) {
            choice.putObject("logprobs").set("content", logprobs);
        }
        choice.put("finish_reason", finish);
        return Answer.of(json);
    }
}
