package dev.apprentice.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.client.v1.ToolCall;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.LessonState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a lesson says, it says over gRPC too. */
final class LessonProtoTest {
    @Test
    void toolCallsAndWhatWasSaidComeAlong() {
        Map<String, Object> function = Map.of("name", "look_up", "arguments", "{\"desk\":3}");
        var called = new ChatMessage(
                "assistant", "", null, List.of(Map.of("id", "call_1", "type", "function", "function", function)), null);
        var answered = new ChatMessage("tool", "Heron", "look_up", List.of(), "call_1");

        Map<String, Object> own = Map.of(
                "message",
                        Map.of(
                                "role",
                                "assistant",
                                "content",
                                "Let me see.",
                                "tool_calls",
                                List.of(Map.of("id", "call_2", "type", "function", "function", function))),
                "tools",
                        List.of(Map.of(
                                "type",
                                "function",
                                "function",
                                Map.of("name", "look_up", "parameters", Map.of("type", "object")))));
        var proto = LessonProto.of(lesson(LessonKind.CORRECTION, List.of(called, answered), own));

        assertThat(proto.getMessages(0).getToolCallsList())
                .containsExactly(ToolCall.newBuilder()
                        .setId("call_1")
                        .setName("look_up")
                        .setArguments("{\"desk\":3}")
                        .build());
        assertThat(proto.getMessages(1).getToolCallId()).isEqualTo("call_1");
        assertThat(proto.getMessages(1).getName()).isEqualTo("look_up");
        assertThat(proto.getMessage().getToolCalls(0).getId()).isEqualTo("call_2");
        assertThat(proto.getMessage().getContent()).isEqualTo("Let me see.");
        assertThat(proto.getTools(0).getName()).isEqualTo("look_up");
        assertThat(proto.getTools(0).getParameters().getFieldsOrThrow("type").getStringValue())
                .isEqualTo("object");
        assertThat(proto.getSaid()).isEqualTo("Desk Wren");
        assertThat(proto.getAnswer()).isEqualTo("Desk Heron");
        assertThat(proto.getChoice()).isEqualTo(2);
        assertThat(proto.getTrust()).isEqualTo(.5);
    }

    @Test
    void eachOpinionSaysWhatIsItsOwn() {
        var messages = List.of(ChatMessage.of("user", "Which desk?"));
        assertThat(LessonProto.of(lesson(LessonKind.RATING, messages, Map.of("rating", "down")))
                        .getRating())
                .isEqualTo("down");
        var reward = LessonProto.of(lesson(LessonKind.REWARD, messages, Map.of("episode", "e", "reward", .25)));
        assertThat(reward.getEpisode()).isEqualTo("e");
        assertThat(reward.getReward()).isEqualTo(.25);
        assertThat(reward.hasAnswer()).isFalse();
        assertThat(LessonProto.of(lesson(LessonKind.CRITIQUE, messages, Map.of("text", "Too long.")))
                        .getText())
                .isEqualTo("Too long.");
        var implicit = LessonProto.of(
                lesson(LessonKind.IMPLICIT, messages, Map.of("rating", "up", "sign", "thanked", "next", "chatcmpl-2")));
        assertThat(implicit.getKind()).isEqualTo("implicit");
        assertThat(implicit.getSign()).isEqualTo("thanked");
        assertThat(implicit.getNext()).isEqualTo("chatcmpl-2");
        var preference = LessonProto.of(lesson(
                LessonKind.PREFERENCE,
                messages,
                Map.of(
                        "chosen", Map.of("answer", "Heron"),
                        "rejected", Map.of("interaction", "chatcmpl-1", "choice", 1, "answer", "Wren"))));
        assertThat(preference.getChosen().hasInteraction()).isFalse();
        assertThat(preference.getChosen().getAnswer()).isEqualTo("Heron");
        assertThat(preference.getRejected().getInteraction()).isEqualTo("chatcmpl-1");
        assertThat(preference.getRejected().getChoice()).isEqualTo(1);
    }

    @Test
    void anotherWordingOfAChangedFactSaysWhatChangedIt() {
        var changed = LessonProto.of(lesson(
                LessonKind.EXAMPLE,
                List.of(ChatMessage.of("user", "The rate?")),
                Map.of("changed_with", "les_3", "changed_from", "les_2", "overrules", "les_2")));
        assertThat(changed.getChangedWith()).isEqualTo("les_3");
        assertThat(changed.getChangedFrom()).isEqualTo("les_2");
        assertThat(changed.getOverrules()).isEqualTo("les_2");
        assertThat(changed.getAnswer()).isEqualTo("Desk Heron");
    }

    private static Lesson lesson(LessonKind kind, List<ChatMessage> messages, Map<String, Object> own) {
        return new Lesson(
                "les_1",
                "support",
                kind,
                "chatcmpl-1",
                2,
                messages,
                "Desk Heron",
                "Desk Wren",
                "ada",
                LessonState.RECORDED,
                null,
                null,
                null,
                false,
                .5,
                Instant.EPOCH,
                own);
    }
}
