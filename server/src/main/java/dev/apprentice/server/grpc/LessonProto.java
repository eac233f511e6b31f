package dev.apprentice.server.grpc;

import dev.apprentice.client.grpc.ProtoJson;
import dev.apprentice.client.v1.Lesson;
import dev.apprentice.client.v1.Message;
import dev.apprentice.client.v1.Tool;
import dev.apprentice.client.v1.ToolCall;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.server.http.Wire;
import java.util.Locale;
import java.util.Map;

/** A lesson in the contract's message. */
final class LessonProto {
    private LessonProto() {}

    static Lesson of(dev.apprentice.learner.lesson.Lesson lesson) {
        var proto = Lesson.newBuilder()
                .setId(lesson.id())
                .setInstance(lesson.instance())
                .setKind(word(lesson.kind()))
                .setChoice(lesson.choice())
                .setBy(lesson.by())
                .setTrust(lesson.trust())
                .setState(word(lesson.state()))
                .setPinned(lesson.pinned())
                .setCreated(AnswerProto.time(lesson.created()));
        if (lesson.kind().teaches()) {
            proto.setAnswer(lesson.answer());
            if (!lesson.reply().toolCalls().isEmpty()) {
                proto.setMessage(message(lesson.reply()));
            }
        }
        lesson.tools().forEach(tool -> proto.addTools(tool(tool)));
        lesson.messages().forEach(message -> proto.addMessages(message(message)));
        optional(proto, lesson);
        lesson.own().forEach((field, value) -> own(proto, field, value));
        return proto.build();
    }

    private static void optional(Lesson.Builder proto, dev.apprentice.learner.lesson.Lesson lesson) {
        var interaction = lesson.interaction();
        if (interaction != null) {
            proto.setInteraction(interaction);
        }
        var said = lesson.said();
        if (said != null) {
            proto.setSaid(said);
        }
        var reason = lesson.reason();
        if (reason != null) {
            proto.setReason(reason);
        }
        var passes = lesson.passes();
        if (passes != null) {
            proto.setPasses(passes);
        }
        var checkpoint = lesson.checkpoint();
        if (checkpoint != null) {
            proto.setCheckpoint(checkpoint);
        }
    }

    private static void own(Lesson.Builder proto, String field, Object value) {
        switch (field) {
            case "rating" -> proto.setRating(value.toString());
            case "reward" -> proto.setReward(((Number) value).doubleValue());
            case "episode" -> proto.setEpisode(value.toString());
            case "text" -> proto.setText(value.toString());
            case "sign" -> proto.setSign(value.toString());
            case "next" -> proto.setNext(value.toString());
            case "chosen" -> proto.setChosen(side((Map<?, ?>) value));
            case "rejected" -> proto.setRejected(side((Map<?, ?>) value));
            case "overrules" -> proto.setOverrules(value.toString());
            case "changed_with" -> proto.setChangedWith(value.toString());
            case "changed_from" -> proto.setChangedFrom(value.toString());
            case "message" -> {} // the reply, which is written for all
            case "tools" -> {} // written for all, too
            default -> throw new AssertionError("a lesson of its own kind has " + field);
        }
    }

    private static Lesson.Side side(Map<?, ?> side) {
        var proto = Lesson.Side.newBuilder();
        side.forEach((field, value) -> {
            switch ((String) field) {
                case "interaction" -> proto.setInteraction(value.toString());
                case "choice" -> proto.setChoice(((Number) value).intValue());
                case "answer" -> proto.setAnswer(value.toString());
                default -> throw new AssertionError("a side has " + field);
            }
        });
        return proto.build();
    }

    private static Message message(ChatMessage message) {
        var proto = Message.newBuilder().setRole(message.role()).setContent(message.content());
        var name = message.name();
        if (name != null) {
            proto.setName(name);
        }
        message.toolCalls().forEach(call -> proto.addToolCalls(call(call)));
        var answered = message.toolCallId();
        if (answered != null) {
            proto.setToolCallId(answered);
        }
        return proto.build();
    }

    /** OpenAI's {@code {"id","function":{"name","arguments"}}}; arguments may have been read from their text. */
    private static ToolCall call(Map<String, Object> call) {
        var json = Wire.value(call);
        var arguments = json.at("/function/arguments");
        return ToolCall.newBuilder()
                .setId(json.path("id").asText(""))
                .setName(json.at("/function/name").asText(""))
                .setArguments(arguments.isTextual() ? arguments.textValue() : arguments.toString())
                .build();
    }

    private static Tool tool(Map<String, Object> tool) {
        var function = Wire.value(tool).path("function");
        var proto = Tool.newBuilder()
                .setName(function.path("name").asText(""))
                .setDescription(function.path("description").asText(""))
                .setStrict(function.path("strict").asBoolean());
        if (function.path("parameters").isObject()) {
            proto.setParameters(ProtoJson.struct(function.get("parameters")));
        }
        return proto.build();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
