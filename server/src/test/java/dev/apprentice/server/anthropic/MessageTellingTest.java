package dev.apprentice.server.anthropic;

import static dev.apprentice.server.asking.ScriptedTold.end;
import static dev.apprentice.server.asking.ScriptedTold.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.server.asking.Ending;
import dev.apprentice.server.asking.ScriptedTold;
import dev.apprentice.server.asking.ToldEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order and the form of what is told, calls too. */
final class MessageTellingTest {
    private final List<ObjectNode> events = new ArrayList<>();

    @Test
    void textAndCallsBecomeBlocksInTheirOrder() throws InterruptedException {
        var message = tell(
                text("Let me look."),
                new ToldEvent.CallBegun(0, "call_a", "weather"),
                new ToldEvent.CallArguments(0, "{\"city\":"),
                new ToldEvent.CallArguments(0, "\"Bern\"}"),
                new ToldEvent.CallEnded(0),
                end(Ending.TOOL_CALLS, null));
        assertThat(message.get("stop_reason").asText()).isEqualTo("tool_use");
        assertThat(message.get("content"))
                .hasToString("[{\"type\":\"text\",\"text\":\"Let me look.\",\"citations\":null},"
                        + "{\"type\":\"tool_use\",\"id\":\"call_a\",\"name\":\"weather\",\"input\":{\"city\":\"Bern\"},"
                        + "\"caller\":{\"type\":\"direct\"}}]");
        assertThat(events.stream().map(event -> event.get("type").textValue()))
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(events.get(5).get("index").asInt()).isEqualTo(1);
        assertThat(events.get(5).at("/content_block/input")).isEmpty();
        assertThat(events.get(6).at("/delta"))
                .hasToString("{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\"}");
    }

    @Test
    void aStopStringIsNamed() throws InterruptedException {
        var message = tell(text("alpha "), end(Ending.STOP, "###"));
        assertThat(message.get("stop_reason").asText()).isEqualTo("stop_sequence");
        assertThat(message.get("stop_sequence").asText()).isEqualTo("###");
        assertThat(events.get(5).at("/delta/stop_sequence").asText()).isEqualTo("###");
    }

    @Test
    void whatCameFromACacheIsCountedApart() throws InterruptedException {
        var usage = tell(text("Hi."), end(Ending.STOP, null)).get("usage");
        assertThat(usage.get("input_tokens").asInt()).isEqualTo(6);
        assertThat(usage.get("cache_read_input_tokens").asInt()).isEqualTo(4);
        assertThat(usage.get("output_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void argumentsThatAreNoObjectAreKeptAsText() {
        assertThat(MessageJson.input("{\"a\":")).hasToString("{\"arguments\":\"{\\\"a\\\":\"}");
        assertThat(MessageJson.input("[1]")).hasToString("{\"arguments\":\"[1]\"}");
    }

    private ObjectNode tell(ToldEvent... script) throws InterruptedException {
        return new MessageTelling(new ScriptedTold("msg_7", script), events::add).tell();
    }
}
