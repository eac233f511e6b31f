package dev.apprentice.client;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.google.protobuf.Timestamp;
import dev.apprentice.client.asking.Message;
import dev.apprentice.client.asking.Tool;
import dev.apprentice.client.asking.ToolCall;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Lesson;
import dev.apprentice.client.teaching.LessonState;
import dev.apprentice.client.teaching.Withdrawal;
import dev.apprentice.client.v1.GiveRequest;
import dev.apprentice.client.v1.WithdrawAllRequest;
import dev.apprentice.client.v1.WithdrawAllResponse;
import dev.apprentice.client.value.Wire;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lessons that call tools. */
@Timeout(60)
final class LessonTest {
    private static final ToolCall CALL = ToolCall.of("call_1", "close", "{\"desk\":\"Heron\"}");
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2026-02-01T00:00:00.500Z");
    private static final Withdrawal MEANT =
            Withdrawal.of("support").by("mallory").after(FROM).before(UNTIL).build();
    private static final dev.apprentice.client.v1.Lesson HELD = dev.apprentice.client.v1.Lesson.newBuilder()
            .setId("les_1")
            .setState("recorded")
            .build();
    private static final Tool TOOL =
            Tool.function("close", "Closes a desk.", Wire.object().put("type", "object"));

    @Test
    void callsAreReadOverHttp() {
        var lesson = Wire.object().put("id", "les_1").put("state", "recorded").put("said", "No.");
        lesson.set("message", Message.assistant("", List.of(CALL)).json());
        lesson.putArray("tools").add(TOOL.json());
        try (var server = new Played();
                var client = server.client().build()) {
            server.says(get(anyUrl()), Played.json(lesson.toString()));
            check(client.lessons().get("les_1"));
        }
    }

    @Test
    void callsAreReadOverGrpc() {
        var call = dev.apprentice.client.v1.ToolCall.newBuilder()
                .setId(CALL.id())
                .setName(CALL.name())
                .setArguments(CALL.arguments());
        var lesson = dev.apprentice.client.v1.Lesson.newBuilder()
                .setId("les_1")
                .setState("recorded")
                .setSaid("No.")
                .setMessage(dev.apprentice.client.v1.Message.newBuilder()
                        .setRole("assistant")
                        .addToolCalls(call))
                .addTools(dev.apprentice.client.v1.Tool.newBuilder().setName("close"))
                .build();
        try (var server = new PlayedGrpc();
                var client = ApprenticeClient.grpc(server.url()).build()) {
            server.saysInTurn(PlayedGrpc.messages(lesson));
            check(client.lessons().get("les_1"));
        }
    }

    private static void check(Lesson lesson) {
        assertThat(lesson.said()).contains("No.");
        assertThat(lesson.toolCalls()).containsExactly(CALL);
        assertThat(lesson.tools()).extracting(Tool::name).containsExactly("close");
    }

    @Test
    void aCorrectionByCallsGoesOutOnBothWays() {
        try (var server = new Played();
                var client = server.client().build()) {
            server.says(post("/v1/feedback"), Played.json("{\"id\":\"les_1\",\"state\":\"recorded\"}"));
            client.correct("chatcmpl-1", List.of(CALL));
            assertThat(server.heard().get(0).getBodyAsString())
                    .contains("\"interaction\":\"chatcmpl-1\"", "\"tool_calls\":[", "\"name\":\"close\"");
        }
        try (var server = new PlayedGrpc();
                var client = ApprenticeClient.grpc(server.url()).build()) {
            server.saysInTurn(PlayedGrpc.messages(HELD));
            client.correct("chatcmpl-1", List.of(CALL));
            var sent = ((GiveRequest) server.heard().get(0)).getCorrection();
            assertThat(sent.getInteraction()).isEqualTo("chatcmpl-1");
            assertThat(sent.getToolCalls(0).getName()).isEqualTo("close");
        }
    }

    @Test
    void lessonsAreReleasedAndTakenBackOverHttp() {
        try (var server = new Played();
                var client = server.client().build()) {
            server.says(patch("/v1/lessons/les_1"), Played.json("{\"id\":\"les_1\",\"state\":\"recorded\"}"));
            server.says(
                    post("/v1/lessons:withdraw"),
                    Played.json("{\"withdrawn\":3,\"learnt\":1,\"note\":\"gone from recall\"}"));
            assertThat(client.lessons().release("les_1").state()).isEqualTo(LessonState.RECORDED);
            var gone = client.lessons().withdrawAll(MEANT);
            assertThat(gone.withdrawn()).isEqualTo(3);
            assertThat(gone.learnt()).isEqualTo(1);
            assertThat(gone.note()).isEqualTo("gone from recall");
            assertThat(server.heard())
                    .extracting(LoggedRequest::getBodyAsString)
                    .containsExactlyInAnyOrder(
                            "{\"held\":false}",
                            "{\"instance\":\"support\",\"by\":\"mallory\",\"after\":\"2026-01-01T00:00:00Z\","
                                    + "\"before\":\"2026-02-01T00:00:00.500Z\"}");
        }
    }

    @Test
    void lessonsAreReleasedAndTakenBackOverGrpc() {
        try (var server = new PlayedGrpc();
                var client = ApprenticeClient.grpc(server.url()).build()) {
            server.saysInTurn(
                    PlayedGrpc.messages(HELD),
                    PlayedGrpc.messages(WithdrawAllResponse.newBuilder()
                            .setWithdrawn(3)
                            .setLearnt(1)
                            .build()));
            assertThat(client.lessons().release("les_1").state()).isEqualTo(LessonState.RECORDED);
            assertThat(client.lessons().withdrawAll(MEANT).withdrawn()).isEqualTo(3);
            var sent = (WithdrawAllRequest) server.heard().get(1);
            assertThat(sent.getInstance()).isEqualTo("support");
            assertThat(sent.getBy()).isEqualTo("mallory");
            assertThat(time(sent.getAfter())).isEqualTo(FROM);
            assertThat(time(sent.getBefore())).isEqualTo(UNTIL);
        }
    }

    @Test
    void anExampleOfCallsGoesOutWithItsTools() {
        var example = Feedback.example("support", List.of(Message.user("Close Heron.")), List.of(CALL))
                .tools(List.of(TOOL))
                .build();
        assertThat(example.json().at("/tools/0")).isEqualTo(TOOL.json());
        var lesson = dev.apprentice.client.v1.Lesson.newBuilder()
                .setId("les_1")
                .setState("recorded")
                .build();
        try (var server = new PlayedGrpc();
                var client = ApprenticeClient.grpc(server.url()).build()) {
            server.saysInTurn(PlayedGrpc.messages(lesson));
            client.give(example);
            var sent = ((GiveRequest) server.heard().get(0)).getExample();
            assertThat(sent.getToolCalls(0).getArguments()).isEqualTo(CALL.arguments());
            assertThat(sent.getTools(0).getName()).isEqualTo("close");
        }
    }

    private static Instant time(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
