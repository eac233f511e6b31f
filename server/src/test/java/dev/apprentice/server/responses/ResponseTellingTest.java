package dev.apprentice.server.responses;

import static dev.apprentice.server.asking.ScriptedTold.end;
import static dev.apprentice.server.asking.ScriptedTold.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.server.asking.Ending;
import dev.apprentice.server.asking.ScriptedTold;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.Refusal;
import dev.apprentice.server.http.Wire;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order and the form of what is told, calls too. */
final class ResponseTellingTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:06Z"), ZoneOffset.UTC);

    private final List<ObjectNode> events = new ArrayList<>();
    private final List<ObjectNode> kept = new ArrayList<>();

    @Test
    void textAndCallsBecomeItemsInTheirOrder() throws InterruptedException {
        var response = telling(
                        text("Let me "),
                        text("look."),
                        new ToldEvent.CallBegun(0, "call_a", "weather"),
                        new ToldEvent.CallArguments(0, "{\"city\":"),
                        new ToldEvent.CallArguments(0, "\"Bern\"}"),
                        new ToldEvent.CallEnded(0),
                        new ToldEvent.CallBegun(1, "call_b", "time"),
                        new ToldEvent.CallArguments(1, "{}"),
                        new ToldEvent.CallEnded(1),
                        end(Ending.TOOL_CALLS, null))
                .tell(kept::add);
        assertThat(response.get("status").asText()).isEqualTo("completed");
        assertThat(response.get("output"))
                .hasToString(
                        "[{\"id\":\"msg_7_0\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\","
                                + "\"content\":[{\"type\":\"output_text\",\"text\":\"Let me look.\",\"annotations\":[],"
                                + "\"logprobs\":[]}]},"
                                + "{\"id\":\"fc_7_1\",\"type\":\"function_call\",\"status\":\"completed\",\"call_id\":\"call_a\","
                                + "\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Bern\\\"}\"},"
                                + "{\"id\":\"fc_7_2\",\"type\":\"function_call\",\"status\":\"completed\",\"call_id\":\"call_b\","
                                + "\"name\":\"time\",\"arguments\":\"{}\"}]");
        assertThat(types())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(events.get(10).get("output_index").asInt()).isEqualTo(1);
        assertThat(events.get(10).get("item_id").asText()).isEqualTo("fc_7_1");
    }

    @Test
    void theResponseIsKeptBeforeItsLastEventLeaves() throws InterruptedException {
        telling(text("Hi."), end(Ending.STOP, null)).tell(response -> {
            kept.add(response);
            assertThat(types()).doesNotContain("response.completed");
        });
        assertThat(kept).containsExactly((ObjectNode) events.getLast().get("response"));
    }

    @Test
    void anAnswerWithoutAWordIsAnEmptyMessage() throws InterruptedException {
        var response = telling(end(Ending.STOP, null)).tell(kept::add);
        assertThat(response.at("/output/0/content/0/text").asText("none")).isEmpty();
        assertThat(response.at("/usage/input_tokens_details/cached_tokens").asInt())
                .isEqualTo(4);
    }

    @Test
    void aCallThatIsCutIsIncomplete() throws InterruptedException {
        var response = telling(
                        new ToldEvent.CallBegun(0, "call_a", "weather"),
                        new ToldEvent.CallArguments(0, "{\"ci"),
                        end(Ending.LENGTH, null))
                .tell(kept::add);
        assertThat(response.get("status").asText()).isEqualTo("incomplete");
        assertThat(response.at("/output/0/status").asText()).isEqualTo("incomplete");
    }

    @Test
    void aFaultIsToldAndNothingIsKept() {
        var fault = new FailedException("broken", "it broke", Fault.NONE);
        var telling = telling(text("Hi"), new ToldEvent.Failed(fault));
        assertThatThrownBy(() -> telling.tell(kept::add)).isSameAs(fault);
        telling.fail(Refusal.of(fault));
        assertThat(types()).last().isEqualTo("response.failed").isNotIn("response.completed");
        assertThat(events.getLast().at("/response/error"))
                .hasToString("{\"code\":\"server_error\",\"message\":\"it broke\"}");
        assertThat(events.getLast().at("/response/status").asText()).isEqualTo("failed");
        assertThat(kept).isEmpty();
    }

    private List<String> types() {
        return events.stream().map(event -> event.get("type").textValue()).toList();
    }

    private ResponseTelling telling(ToldEvent... script) {
        var told = new ScriptedTold("resp_7", script);
        var json = new ResponseJson(told, Wire.object(), CLOCK);
        return new ResponseTelling(told, json, _ -> Wire.object().arrayNode(), events::add);
    }
}
