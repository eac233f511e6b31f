package dev.apprentice.server.grpc;

import dev.apprentice.client.v1.Lesson;
import dev.apprentice.client.v1.Message;
import dev.apprentice.engine.text.ChatMessage;
import java.util.Locale;

/** A lesson in the contract's message. */
final class LessonProto {
    private LessonProto() {}

    static Lesson of(dev.apprentice.learner.lesson.Lesson lesson) {
        var proto = Lesson.newBuilder()
                .setId(lesson.id())
                .setInstance(lesson.instance())
                .setKind(word(lesson.kind()))
                .setBy(lesson.by())
                .setState(word(lesson.state()))
                .setPinned(lesson.pinned())
                .setCreated(AnswerProto.time(lesson.created()))
                .setAnswer(lesson.answer());
        lesson.messages().forEach(message -> proto.addMessages(message(message)));
        var interaction = lesson.interaction();
        if (interaction != null) {
            proto.setInteraction(interaction);
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
        return proto.build();
    }

    private static Message message(ChatMessage message) {
        var proto = Message.newBuilder().setRole(message.role()).setContent(message.content());
        var name = message.name();
        if (name != null) {
            proto.setName(name);
        }
        return proto.build();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
