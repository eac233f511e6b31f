package dev.apprentice.server.asking;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.server.http.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What was asked and answered, as the GenAI conventions write it into a span where an operator wants it there. */
final class Content {
    private Content() {}

    /** A conversation: {@code gen_ai.input.messages}. */
    static String of(List<ChatMessage> messages) {
        var list = Wire.object().arrayNode();
        for (var message : messages) {
            var said = list.addObject().put("role", message.role());
            var parts = said.putArray("parts");
            var answered = message.toolCallId();
            if (answered != null) {
                parts.addObject()
                        .put("type", "tool_call_response")
                        .put("id", answered)
                        .put("response", message.content());
            } else {
                text(parts, message.content());
            }
            for (var call : message.toolCalls()) {
                parts.addObject().put("type", "tool_call").set("call", Wire.value(call));
            }
        }
        return written(list);
    }

    /** An answer: {@code gen_ai.output.messages}. */
    static String of(ToldEvent.Ended ended) {
        var list = Wire.object().arrayNode();
        var said = list.addObject().put("role", "assistant");
        var parts = said.putArray("parts");
        text(parts, ended.text());
        for (var call : ended.calls()) {
            parts.addObject()
                    .put("type", "tool_call")
                    .put("id", call.id())
                    .put("name", call.name())
                    .put("arguments", call.arguments());
        }
        said.put("finish_reason", ended.ending().name().toLowerCase(Locale.ROOT));
        return written(list);
    }

    private static void text(ArrayNode parts, String text) {
        if (!text.isEmpty()) {
            parts.addObject().put("type", "text").put("content", text);
        }
    }

    private static String written(ArrayNode list) {
        return new String(Wire.bytes(list), StandardCharsets.UTF_8);
    }
}
