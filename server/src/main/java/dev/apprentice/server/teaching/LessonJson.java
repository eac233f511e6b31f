package dev.apprentice.server.teaching;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.server.http.Wire;
import java.util.List;
import java.util.Locale;

/** A lesson as the contract writes it. */
final class LessonJson {
    private LessonJson() {}

    static ObjectNode of(Lesson lesson) {
        var json = Wire.object()
                .put("id", lesson.id())
                .put("instance", lesson.instance())
                .put("kind", word(lesson.kind()))
                .put("state", word(lesson.state()))
                .put("reason", lesson.reason())
                .put("passes", lesson.passes())
                .put("checkpoint", lesson.checkpoint())
                .put("pinned", lesson.pinned())
                .put("by", lesson.by())
                .put("trust", lesson.trust())
                .put("interaction", lesson.interaction())
                .put("choice", lesson.choice());
        json.set("messages", messages(lesson.messages()));
        if (lesson.kind().teaches()) {
            json.put("answer", lesson.answer());
        }
        lesson.own().forEach((field, value) -> json.set(field, Wire.value(value)));
        return json.put("said", lesson.said()).put("created", lesson.created().toString());
    }

    static ArrayNode messages(List<ChatMessage> messages) {
        var list = Wire.object().arrayNode();
        for (var message : messages) {
            var json = list.addObject().put("role", message.role()).put("content", message.content());
            if (message.name() != null) {
                json.put("name", message.name());
            }
            if (!message.toolCalls().isEmpty()) {
                json.set("tool_calls", Wire.value(message.toolCalls()));
            }
            if (message.toolCallId() != null) {
                json.put("tool_call_id", message.toolCallId());
            }
        }
        return list;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
