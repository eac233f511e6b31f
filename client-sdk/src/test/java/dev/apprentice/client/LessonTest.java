package dev.apprentice.client;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.client.asking.Message;
import dev.apprentice.client.asking.Tool;
import dev.apprentice.client.asking.ToolCall;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Lesson;
import dev.apprentice.client.v1.GiveRequest;
import dev.apprentice.client.value.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lessons that call tools. */
@Timeout(60)
final class LessonTest {
    private static final ToolCall CALL = ToolCall.of("call_1", "close", "{\"desk\":\"Heron\"}");
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
}
